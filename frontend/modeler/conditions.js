/* When a flow is taken: chosen from what the deciding fields, operators and called diagrams can say. */
import { textsOf } from './dmn.js';
import { decidingFacts } from './facts.js';
import { choice, node, select, text, tick } from './fields.js';

const COMPARISON = /^(\w+)\.((?:\w+\.)*\w+)\s*(==|!=)\s*(?:"([^"]*)"|'([^']*)')$/;
const FLAG = /^(\w+)\.((?:\w+\.)*\w+)\s*(==|!=)\s*(True|False)$/;
const LIST = /^(\w+)\.((?:\w+\.)*\w+)\s+in\s+[[(]((?:\s*(?:"[^"]*"|'[^']*')\s*,?)+)[\])]$/;

/* {step, name, op, values} of an expression that the dropdowns can show, or null. */
export function parse(body) {
  const one = COMPARISON.exec(body.trim());
  if (one) return { step: one[1], name: one[2], op: one[3], values: [one[4] ?? one[5]] };
  const flag = FLAG.exec(body.trim());
  if (flag) return { step: flag[1], name: flag[2], op: '==', values: [(flag[4] === 'True') === (flag[3] === '==') ? 'True' : 'False'] };
  const many = LIST.exec(body.trim());
  if (!many) return null;
  const values = [...many[3].matchAll(/"([^"]*)"|'([^']*)'/g)].map((found) => found[1] ?? found[2]);
  return { step: many[1], name: many[2], op: 'in', values };
}

export function write({ step, name, op, values, isFlag }) {
  if (!step || !name || !values.length) return '';
  if (isFlag) return `${step}.${name} ${op} ${values[0]}`;
  const quoted = values.map((value) => JSON.stringify(value));
  return quoted.length > 1 && op === '==' ? `${step}.${name} in [${quoted.join(', ')}]` : `${step}.${name} ${op} ${quoted[0]}`;
}

/* Everything that can decide: [{step, words, name, label, values: [[value, words]]}]. */
export function deciders(model, catalogue) {
  const found = [];
  for (const element of model.registry.filter((one) => one.businessObject && !one.labelTarget)) {
    const words = element.businessObject.name || element.id;
    const add = (name, label, values) => found.push({ step: element.id, words, name, label, values });
    const form = catalogue.forms[model.properties(element).form];
    for (const one of form?.fields ?? []) if (one.values) add(one.key, one.label, one.values);
    const operator = catalogue.operators[model.operator(element).id];
    if (operator?.outcomes.length > 1) add('outcome', '结果', operator.outcomes.map((one) => [one, one]));
    const table = model.table(element);
    for (const [place, one] of (table?.outputs ?? []).entries()) {
      const texts = textsOf(table, place);
      if (one.name && texts.length) add(one.name, `决策表的 ${one.name}`, texts.map((text) => [text, text]));
    }
    const called = catalogue.called[element.businessObject.calledElement];
    if (called?.outcomes.length) add('outcome', '结果', called.outcomes.map((one) => [one, one]));
  }
  return [...found, ...decidingFacts(catalogue.facts)];
}

export function conditionFields(flow, model, catalogue, redraw) {
  const body = model.condition(flow);
  const known = parse(body);
  const all = deciders(model, catalogue);
  const save = (next) => { model.setCondition(flow, next); redraw(); };
  const keyOf = (one) => `${one.step}.${one.name}`;
  const chosen = known ? all.find((one) => keyOf(one) === `${known.step}.${known.name}`) : null;
  const parts = [];
  if (!body || chosen) {
    parts.push(choice('看哪一步', chosen ? keyOf(chosen) : '', all.map((one) => [keyOf(one), `${one.words} · ${one.label}`]), (key) => {
      const next = all.find((one) => keyOf(one) === key);
      save(next ? write({ ...next, op: '==', values: [next.values[0][0]] }) : '');
    }, { empty: '（无条件）', key: 'condition-step' }));
  }
  if (chosen) parts.push(values(chosen, known, save));
  parts.push(text('条件表达式', body, save, { key: 'condition', long: true, hint: '上面选好就会写在这里；也可以直接改' }));
  return [tick('其余情况都走这里（默认）', model.isDefault(flow), (wanted) => { model.setDefault(flow, wanted); redraw(); }, 'default'), ...(model.isDefault(flow) ? [] : parts)];
}

function values(decider, known, save) {
  if (decider.isFlag) return choice(decider.label, known.values[0], decider.values, (value) => save(write({ ...decider, op: '==', values: [value] })), { empty: null, key: 'condition-flag' });
  const isNot = known.op === '!=';
  const store = (op, picked) => save(write({ ...decider, op, values: picked }));
  const box = node('fieldset', { class: 'field' }, node('legend', {}, decider.label));
  box.append(select(isNot ? '!=' : '==', [['==', '是'], ['!=', '不是']], (op) => store(op, op === '!=' ? known.values.slice(0, 1) : known.values), null, 'condition-op', '是或不是'));
  for (const [value, words] of decider.values) {
    box.append(tick(words === value ? value : `${words}（${value}）`, known.values.includes(value), (checked) => {
      const rest = known.values.filter((one) => one !== value);
      store(isNot ? '!=' : '==', isNot ? [value] : checked ? [...rest, value] : rest);
    }, `value-${value}`));
  }
  return box;
}
