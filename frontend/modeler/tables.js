/* The decision table of a business rule task: read in the panel, changed in a window of its own. */
import { deciders } from './conditions.js';
import { POLICIES, emptyTable, fromDocument, tablesIn, toFile, told, toldLiteral } from './dmn.js';
import { button, field, node, select } from './fields.js';
import { give } from './saving.js';

const LARGEST = 2_000_000;

export function tableFields(element, model, catalogue, redraw) {
  const table = model.table(element);
  const store = (next) => { model.setTable(element, next); redraw(); };
  const edit = () => new TableWindow(table ?? emptyTable(), deciders(model, catalogue), store).open();
  const problem = node('p', { class: 'error', role: 'alert', hidden: true });
  const file = node('input', { type: 'file', accept: '.dmn,.xml', 'data-key': 'table-file' });
  file.addEventListener('change', async () => {
    const { tables, story } = await readFile(file.files[0]);
    file.value = '';
    problem.textContent = story ?? '';
    problem.hidden = !story;
    if (tables?.length === 1) store(tables[0]);
    else if (tables) chooseOf(tables, store);
  });
  const upload = field(table ? '换成文件里的决策表' : '上传决策表', file, 'DMN 文件（.dmn），1.1 到 1.5');
  if (!table) return [node('p', { class: 'hint' }, '这一步按决策表得出结果，还没有表。'), button('写一张决策表', edit, 'btn small'), upload, problem];
  const download = button('下载（.dmn）', () => give(new Blob([toFile(table)], { type: 'application/xml' }), `${element.id}.dmn`));
  download.setAttribute('data-reading', '');
  return [
    node('p', { class: 'hint' }, `结果写在 ${table.outputs.map((one) => `${element.id}.${one.name}`).join('、')}，后面的条件用它。${policyOf(table)}。`),
    shown(table, deciders(model, catalogue)),
    node('p', { class: 'actions' }, button('改决策表', edit, 'btn small'), download),
    node('details', {}, node('summary', {}, '换一张'), upload), problem,
  ];
}

function policyOf({ policy }) {
  const words = POLICIES.find(([key]) => key === policy)?.[1];
  return words ? `几条同时成立时：${words}` : `命中策略 ${policy} 不能用`;
}

/* {value: words} of a column that looks at a field with known values. */
function wordsOf(text, known) {
  const one = known.find(({ step, name }) => `${step}.${name}` === text);
  return Object.fromEntries(one?.values ?? []);
}

function headingOf({ label, text }, known) {
  const one = known.find(({ step, name }) => `${step}.${name}` === text);
  return label || (one ? `${one.words} · ${one.label}` : text) || '（没有写看什么）';
}

/* The rules as sentences of a table, to be read. */
function shown(table, known) {
  const head = [node('th', { scope: 'col' }, '条'), ...table.inputs.map((one) => node('th', { scope: 'col' }, headingOf(one, known))), ...table.outputs.map((one) => node('th', { scope: 'col', class: 'gives' }, `得出 ${one.name}`))];
  const rows = table.rules.map((rule, number) => node('tr', {}, node('th', { scope: 'row' }, String(number + 1)),
    ...rule.tests.map((test, place) => node('td', {}, told(test, wordsOf(table.inputs[place]?.text, known)))),
    ...rule.results.map((result) => node('td', { class: 'gives' }, toldLiteral(result)))));
  const fallbacks = table.outputs.some((one) => one.fallback)
    ? [node('tr', {}, node('th', { scope: 'row' }, '都不成立'), ...table.inputs.map(() => node('td', {}, '')), ...table.outputs.map((one) => node('td', { class: 'gives' }, one.fallback ? toldLiteral(one.fallback) : '没有值')))] : [];
  return node('div', { class: 'table-scroll', tabindex: 0, role: 'group', 'aria-label': '决策表' }, node('table', { class: 'rules' }, node('thead', {}, node('tr', {}, ...head)), node('tbody', {}, ...rows, ...fallbacks)));
}

/* {tables} of a file, or the {story} of why there are none. */
async function readFile(file) {
  if (!file) return {};
  if (file.size > LARGEST) return { story: '文件超过 2 MB，不像一张决策表，没有载入。' };
  const sheet = new DOMParser().parseFromString(await file.text(), 'application/xml');
  if (sheet.querySelector('parsererror')) return { story: '这个文件不是完整的 XML，没有载入。请从决策表编辑器里重新导出。' };
  const tables = tablesIn(fromDocument(sheet.documentElement));
  return tables.length ? { tables } : { story: '文件里没有决策表（DMN 1.1 到 1.5 的 decisionTable），没有载入。' };
}

function chooseOf(tables, store) {
  const dialog = node('dialog', { 'aria-label': '选一张决策表' });
  const pick = (table) => { dialog.close(); store(table); };
  dialog.append(node('h2', {}, '文件里有几张决策表'), node('p', {}, '用哪一张？'),
    ...tables.map((table) => node('p', {}, button(`${table.name || '没有名称'}（${table.rules.length} 条）`, () => pick(table)))),
    node('p', {}, button('都不用', () => dialog.close())));
  present(dialog);
}

function present(dialog) {
  document.querySelector('[data-modeler]').append(dialog);
  dialog.addEventListener('close', () => dialog.remove());
  dialog.showModal();
}

/* Changes a copy; the diagram has it with 保存, as one step that can be undone. */
class TableWindow {
  constructor(table, known, store) {
    this.table = structuredClone(table);
    this.known = known;
    this.store = store;
    this.dialog = node('dialog', { class: 'table-window', 'aria-labelledby': 'table-window-title' });
  }

  open() { this.draw(); present(this.dialog); }

  draw(focus = '') {
    const { table } = this;
    const name = this.cell(table.name, '决策表的名称', (value) => { table.name = value; });
    const policy = select(table.policy, POLICIES, (value) => { table.policy = value; }, null, 'table-policy');
    this.dialog.replaceChildren(
      node('h2', { id: 'table-window-title' }, '决策表'),
      node('div', { class: 'together' }, field('名称', name), field('几条同时成立时', policy)),
      this.lists(),
      node('div', { class: 'table-scroll', tabindex: 0, role: 'group', 'aria-label': '规则' }, node('table', { class: 'rules' }, this.head(), this.body())),
      node('p', { class: 'actions' }, button('加一条规则', () => this.addRule()), button('加一个条件列', () => this.addInput()), button('加一个结果列', () => this.addOutput())),
      node('p', { class: 'hint' }, '条件：任意写 -，文字写 "pass"，数字写 5，也可以写 < 5、>= 5、[1..5]、"a", "b"、not("a")。结果：一个固定的值，文字加英文双引号，没有值写 null。'),
      node('p', { class: 'actions' }, button('保存决策表', () => this.save(), 'btn'), button('不保存', () => this.dialog.close())),
    );
    if (focus) this.dialog.querySelector(`[data-key="${focus}"]`)?.focus();
  }

  save() { this.dialog.close(); this.store(this.table); }

  cell(value, label, keep, more = {}) {
    const made = node('input', { type: 'text', 'aria-label': label, spellcheck: 'false', autocomplete: 'off', ...more });
    made.value = value ?? '';
    made.addEventListener('input', () => keep(made.value.trim()));
    return made;
  }

  headingOf({ text }) { return text ? headingOf({ text }, this.known) : ''; }

  /* What may be typed in a column, offered while typing. */
  lists() {
    const steps = node('datalist', { id: 'table-steps' }, ...this.known.map((one) => node('option', { value: `${one.step}.${one.name}` }, `${one.words} · ${one.label}`)));
    const values = this.table.inputs.map(({ text }, place) => node('datalist', { id: `table-values-${place}` },
      node('option', { value: '-' }, '任意'), ...Object.entries(wordsOf(text, this.known)).map(([value, words]) => node('option', { value: JSON.stringify(value) }, words))));
    return node('div', { hidden: true, 'data-part': 'lists' }, steps, ...values);
  }

  head() {
    const { inputs, outputs } = this.table;
    const drop = (label, act, isLast) => node('button', { type: 'button', class: 'link', 'aria-label': label, disabled: isLast, onclick: act }, '删列');
    const input = (one, place) => {
      const text = this.cell(one.text, `条件列 ${place + 1} 看什么`, (value) => { one.text = value; }, { list: 'table-steps', placeholder: 'Fill.outcome', 'data-key': `input-${place}` });
      // drawn anew the window would lose the click that follows
      text.addEventListener('change', () => { label.placeholder = this.headingOf(one); this.dialog.querySelector('[data-part=lists]').replaceWith(this.lists()); });
      const label = this.cell(one.label, `条件列 ${place + 1} 的名称`, (value) => { one.label = value; }, { placeholder: this.headingOf(one) });
      return node('th', { scope: 'col' }, node('small', {}, '看什么'), text, node('small', {}, '名称（可不填）'), label, drop(`删掉条件列 ${place + 1}`, () => this.dropColumn('inputs', 'tests', place), inputs.length < 2));
    };
    const output = (one, place) => node('th', { scope: 'col', class: 'gives' }, node('small', {}, '得出什么（英文短词）'),
      this.cell(one.name, `结果列 ${place + 1} 的名称`, (value) => { one.name = value; }, { placeholder: 'outcome', 'data-key': `output-${place}` }),
      node('small', {}, '都不成立时（可不填）'), this.cell(one.fallback, `结果列 ${place + 1}：都不成立时`, (value) => { one.fallback = value; }), drop(`删掉结果列 ${place + 1}`, () => this.dropColumn('outputs', 'results', place), outputs.length < 2));
    return node('thead', {}, node('tr', {}, node('th', { scope: 'col' }, '条'), ...inputs.map(input), ...outputs.map(output), node('th', { scope: 'col' }, node('span', { class: 'vh' }, '操作'))));
  }

  body() {
    const { inputs, outputs, rules } = this.table;
    return node('tbody', {}, ...rules.map((rule, number) => {
      const test = (_, place) => node('td', {}, this.cell(rule.tests[place], `第 ${number + 1} 条的条件 ${place + 1}`, (value) => { rule.tests[place] = value; }, { list: `table-values-${place}`, 'data-key': `test-${number}-${place}` }));
      const result = (_, place) => node('td', { class: 'gives' }, this.cell(rule.results[place], `第 ${number + 1} 条的结果 ${place + 1}`, (value) => { rule.results[place] = value; }, { 'data-key': `result-${number}-${place}` }));
      const act = (words, label, todo, off = false) => node('button', { type: 'button', class: 'link', 'aria-label': `第 ${number + 1} 条：${label}`, disabled: off, onclick: todo }, words);
      return node('tr', {}, node('th', { scope: 'row' }, String(number + 1)), ...inputs.map(test), ...outputs.map(result),
        node('td', { class: 'nowrap' }, act('↑', '上移', () => this.move(number, -1), number === 0), act('↓', '下移', () => this.move(number, 1), number === rules.length - 1), act('删', '删掉', () => this.dropRule(number), rules.length < 2)));
    }));
  }

  addRule() {
    const { inputs, outputs, rules } = this.table;
    rules.push({ tests: inputs.map(() => '-'), results: outputs.map(() => '') });
    this.draw(`test-${rules.length - 1}-0`);
  }

  dropRule(number) { this.table.rules.splice(number, 1); this.draw(); }

  move(number, by) {
    const { rules } = this.table;
    const [one] = rules.splice(number, 1);
    rules.splice(number + by, 0, one);
    this.draw(`test-${number + by}-0`);
  }

  addInput() { this.addColumn('inputs', 'tests', { label: '', text: '' }, '-', 'input'); }

  addOutput() { this.addColumn('outputs', 'results', { name: '', fallback: '' }, '', 'output'); }

  addColumn(columns, cells, column, value, focus) {
    this.table[columns].push(column);
    for (const rule of this.table.rules) rule[cells].push(value);
    this.draw(`${focus}-${this.table[columns].length - 1}`);
  }

  dropColumn(columns, cells, place) {
    this.table[columns].splice(place, 1);
    for (const rule of this.table.rules) rule[cells].splice(place, 1);
    this.draw();
  }
}
