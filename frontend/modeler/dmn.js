/* Decision tables (DMN) as plain values: read from a diagram or a file, written back, told in Chinese.

   A table is { name, policy, inputs: [{label, text}], outputs: [{name, fallback}], rules: [{tests, results}] };
   what else stands in it is carried in `kept`, so that a change of a cell loses nothing. */

export const NAMESPACES = [
  'http://www.omg.org/spec/DMN/20151101/dmn.xsd',
  'http://www.omg.org/spec/DMN/20180521/MODEL/',
  'https://www.omg.org/spec/DMN/20191111/MODEL/',
  'https://www.omg.org/spec/DMN/20211108/MODEL/',
  'https://www.omg.org/spec/DMN/20230324/MODEL/',
];
const OURS = NAMESPACES[2];

export const POLICIES = [
  ['UNIQUE', '只会有一条成立（有两条就出错）'],
  ['FIRST', '取表中最前面的一条'],
  ['ANY', '可以有几条，结果必须相同'],
  ['COLLECT', '每一条都要，结果是一列'],
  ['RULE ORDER', '每一条都要，按表中的顺序'],
];

export const emptyTable = () => ({ name: '决策', policy: 'UNIQUE', inputs: [{ label: '', text: '' }], outputs: [{ name: 'outcome', fallback: '' }], rules: [{ tests: ['-'], results: [''] }] });

/* A node as {local, uri, attributes, body, children}, of a diagram's extension or of a file's document. */
export function fromExtension(one) {
  const { ns } = one.$descriptor;
  const attributes = Object.fromEntries(Object.entries(one).filter(([name, value]) => !name.startsWith('$') && typeof value !== 'object'));
  return { local: ns.localName, uri: ns.uri, attributes, body: one.$body ?? '', children: (one.$children ?? []).map(fromExtension) };
}

export function fromDocument(one) {
  const children = [...one.children].map(fromDocument);
  const attributes = Object.fromEntries([...one.attributes].filter(({ name }) => !name.startsWith('xmlns')).map(({ name, value }) => [name, value]));
  return { local: one.localName, uri: one.namespaceURI, attributes, body: children.length ? '' : one.textContent, children };
}

/* Every table below a node, under the name of its decision. */
export function tablesIn(one, name = '') {
  if (!NAMESPACES.includes(one.uri)) return [];
  const named = one.local === 'decision' ? one.attributes.name || one.attributes.id || '' : name;
  if (one.local === 'decisionTable') return [read(one, named)];
  return one.children.flatMap((child) => tablesIn(child, named));
}

const named = (one, local) => one.children.filter((child) => child.local === local && NAMESPACES.includes(child.uri));
const textIn = (one) => (one ? named(one, 'text').map((child) => child.body).join('').trim() : '');
const others = (one, ...known) => one.children.filter((child) => !known.includes(child.local));

function read(table, name) {
  return {
    name,
    policy: (table.attributes.hitPolicy || 'UNIQUE').trim(),
    inputs: named(table, 'input').map((one) => {
      const [expression] = named(one, 'inputExpression');
      return { label: one.attributes.label ?? '', text: textIn(expression), kept: { attributes: one.attributes, inner: expression?.attributes, children: others(one, 'inputExpression') } };
    }),
    outputs: named(table, 'output').map((one) => ({
      name: (one.attributes.name ?? '').trim(), fallback: textIn(named(one, 'defaultOutputEntry')[0]), kept: { attributes: one.attributes, children: others(one, 'defaultOutputEntry') },
    })),
    rules: named(table, 'rule').map((one) => ({
      tests: named(one, 'inputEntry').map(textIn), results: named(one, 'outputEntry').map(textIn), kept: { attributes: one.attributes, children: others(one, 'inputEntry', 'outputEntry') },
    })),
    kept: { attributes: table.attributes, children: others(table, 'input', 'output', 'rule') },
  };
}

/* The decision that holds the table, as nodes. */
export function written(table) {
  const entry = (local, text, attributes = {}) => made(local, attributes, made('text', {}, text));
  const inputs = table.inputs.map(({ label, text, kept }) => made('input', { ...kept?.attributes, label }, entry('inputExpression', text, kept?.inner), ...kept?.children ?? []));
  const outputs = table.outputs.map(({ name, fallback, kept }) => made('output', { ...kept?.attributes, name }, ...kept?.children ?? [], fallback && entry('defaultOutputEntry', fallback)));
  const rules = table.rules.map(({ tests, results, kept }) => made('rule', kept?.attributes, ...(kept?.children ?? []).filter((one) => one.local === 'description'),
    ...tests.map((text) => entry('inputEntry', text)), ...results.map((text) => entry('outputEntry', text)), ...(kept?.children ?? []).filter((one) => one.local !== 'description')));
  const inner = made('decisionTable', { ...table.kept?.attributes, hitPolicy: table.policy }, ...inputs, ...outputs, ...(table.kept?.children ?? []), ...rules);
  return made('decision', { name: table.name }, inner);
}

function made(local, attributes, ...contents) {
  const children = contents.filter((one) => one && typeof one === 'object');
  const body = contents.find((one) => typeof one === 'string') ?? '';
  const kept = Object.fromEntries(Object.entries(attributes ?? {}).filter(([, value]) => value !== '' && value !== undefined));
  return { local, uri: OURS, attributes: kept, body, children };
}

/* As the diagram's own library has it, for its extension elements. */
export function toExtension(one, moddle, parent) {
  const made_ = moddle.createAny(`dmn:${one.local}`, OURS, { ...one.attributes });
  made_.$parent = parent;
  if (one.children.length) made_.$children = one.children.map((child) => toExtension(child, moddle, made_));
  else if (one.body) made_.$body = one.body;
  return made_;
}

const escaped = (text) => text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]);

/* A file that other DMN tools open. */
export function toFile(table) {
  const lines = (one, depth) => {
    const space = '  '.repeat(depth);
    const start = `${space}<${one.local}${Object.entries(one.attributes).map(([name, value]) => ` ${name}="${escaped(String(value))}"`).join('')}`;
    if (!one.children.length) return [one.body ? `${start}>${escaped(one.body)}</${one.local}>` : `${start} />`];
    return [`${start}>`, ...one.children.flatMap((child) => lines(child, depth + 1)), `${space}</${one.local}>`];
  };
  const decision = written(table);
  decision.attributes = { id: 'Decision_1', ...decision.attributes };
  return `<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="${OURS}" id="Definitions_1" name="${escaped(table.name)}" namespace="https://qianyue.example/decisions">\n${lines(decision, 1).join('\n')}\n</definitions>\n`;
}

const SIGNS = [['<=', '不超过'], ['>=', '不少于'], ['<', '小于'], ['>', '大于']];
const RANGE = /^([[(\]])\s*(\S+?)\s*\.\.\s*(\S+?)\s*([\])[])$/;

/* What a cell means: “通过”、小于 5、1 到 5、任意. `words` are the names of known values. */
export function told(text, words = {}) {
  const cell = text.trim();
  if (cell === '' || cell === '-') return '任意';
  const not = /^not\s*\((.*)\)$/.exec(cell);
  if (not) return `不是（${told(not[1], words)}）`;
  return parts(cell).map((one) => toldOne(one, words)).join(' 或 ').replace(/(\D) 或 (?=\D)/g, '$1或');
}

function toldOne(cell, words) {
  const sign = SIGNS.find(([start]) => cell.startsWith(start));
  if (sign) return `${sign[1]} ${cell.slice(sign[0].length).trim()}`;
  const range = RANGE.exec(cell);
  if (range) return `${range[2]}${range[1] === '[' ? ' ' : '（不含）'}到 ${range[3]}${range[4] === ']' ? '' : '（不含）'}`;
  return toldLiteral(cell, words);
}

export function toldLiteral(cell, words = {}) {
  const text = /^"([^"]*)"$/.exec(cell.trim());
  if (text) return words[text[1]] ?? `“${text[1]}”`;
  return { true: '是', false: '否', null: '没有值', '': '（空）' }[cell.trim()] ?? cell.trim();
}

/* The tests of a cell: commas apart from those inside quotes. */
function parts(cell) {
  return cell.match(/(?:"[^"]*"|[^,"])+/g)?.map((one) => one.trim()).filter(Boolean) ?? [cell];
}

/* The texts that an output can be, without those that are no text. */
export function textsOf(table, place) {
  const all = [...table.rules.map((one) => one.results[place] ?? ''), table.outputs[place]?.fallback ?? ''];
  const texts = all.map((one) => /^"([^"]*)"$/.exec(one.trim())?.[1]).filter((one) => one !== undefined);
  return [...new Set(texts)];
}
