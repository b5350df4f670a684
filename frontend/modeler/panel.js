/* The panel beside the canvas: what the chosen element is, in the words of a school. */
import { conditionFields } from './conditions.js';
import { duration, timer } from './durations.js';
import { button, choice, field, node, several, text } from './fields.js';
import { loopFields, mayRepeat } from './loops.js';
import { tableFields } from './tables.js';
import { KINDS } from './words.js';

export class Panel {
  /* `mayShow` tells whether the place is this diagram's now; `openCalled` opens one that it calls, `beginCalled` makes one. */
  constructor(place, modeler, model, catalogue, { mayShow, isCalled, isReadOnly, openCalled, beginCalled }) {
    Object.assign(this, { place, modeler, model, catalogue, mayShow, isCalled, isReadOnly, openCalled, beginCalled, shown: null });
    modeler.on('selection.changed', () => this.redraw());
    modeler.on('import.done', () => this.redraw());
    modeler.on('commandStack.changed', () => { if (!place.contains(document.activeElement)) this.redraw(); });
  }

  redraw() { if (this.mayShow()) this.show(this.current()); }

  current() {
    const chosen = this.modeler.get('selection').get();
    if (chosen.length === 1) return chosen[0].labelTarget ?? chosen[0];
    return chosen.length ? null : this.root();
  }

  /* Without a choice the panel tells of the process: the first pool, or the sheet itself. */
  root() {
    return this.model.registry.find((one) => one.type === 'bpmn:Participant' && one.businessObject.processRef) ?? this.modeler.get('canvas').getRootElement();
  }

  show(element) {
    this.shown = element;
    if (!element?.businessObject) {
      this.place.replaceChildren(node('p', { class: 'hint' }, '选了几个图元。选一个，这里写它的内容。'));
      return;
    }
    const kind = element.type.replace('bpmn:', '');
    const redraw = () => this.show(this.current());
    const heading = element.businessObject.name || KINDS[kind] || kind;
    this.place.replaceChildren(
      node('h2', {}, heading),
      node('p', { class: 'hint' }, `${KINDS[kind] ?? kind} · ${this.model.carrier(element).id}`),
      ...this.name(element, kind), ...this.fields(element, kind, redraw).filter(Boolean), this.more(element, kind),
    );
    if (!this.isReadOnly) return;
    for (const one of this.place.querySelectorAll('input, select, textarea, button:not([data-reading])')) one.disabled = true;
  }

  name(element, kind) {
    if (['Collaboration', 'TextAnnotation'].includes(kind)) return [];
    const label = kind === 'Lane' ? '名称（由谁办）' : '名称';
    const hint = kind === 'Lane' ? `名称以这些词开头，就由谁办：${Object.keys(this.catalogue.lanes).join('、')}` : '';
    return [text(label, this.model.carrier(element).name, (value) => this.model.rename(element, value), { hint, key: 'name' })];
  }

  fields(element, kind, redraw) {
    if (kind === 'SequenceFlow') return this.flow(element, redraw);
    if (kind === 'Participant' || kind === 'Process') return this.process(element);
    if (kind === 'Lane') return [this.role(element)];
    const parts = [];
    if (kind === 'UserTask' || kind === 'ManualTask') parts.push(...this.userTask(element, redraw));
    if (kind === 'ServiceTask' || kind === 'SendTask') parts.push(...this.operator(element, redraw));
    if (kind === 'CallActivity') parts.push(...this.call(element, redraw));
    if (kind.endsWith('Event')) parts.push(...this.event(element, kind, redraw));
    if (kind === 'ReceiveTask') parts.push(this.message(element));
    if (kind === 'BusinessRuleTask') parts.push(...tableFields(element, this.model, this.catalogue, redraw), this.status(element, '办完后的状态'));
    if (mayRepeat(element)) parts.push(...loopFields(element, this.model, redraw));
    return parts;
  }

  word(element, name, label, more = {}) {
    return text(label, this.model.properties(element)[name], (value) => this.model.setProperty(element, name, value), { key: name, ...more });
  }

  pick(element, name, label, options, more = {}) {
    return choice(label, this.model.properties(element)[name], options, (value) => this.model.setProperty(element, name, value), { key: name, ...more });
  }

  status(element, label = '办到这里时的状态') {
    return this.pick(element, 'status', label, Object.entries(this.catalogue.statuses), { empty: '（不变）' });
  }

  role(element) {
    const lane = element.type === 'bpmn:Lane' ? element : this.model.laneOf(element);
    const name = lane?.businessObject.name ?? '';
    const known = Object.keys(this.catalogue.lanes).sort((a, b) => b.length - a.length).find((word) => name.startsWith(word));
    const who = known ? this.catalogue.lanes[known] : '不知道是谁';
    return node('p', { class: 'hint' }, lane ? `由${who}办（泳道“${name}”）` : '不在任何泳道里');
  }

  userTask(element, redraw) {
    const form = this.model.properties(element).form;
    const forms = Object.entries(this.catalogue.forms).map(([key, one]) => [key, `${one.title}（${key}）`]);
    const link = form && this.catalogue.form_editor ? node('a', { class: 'more', href: this.catalogue.form_editor.replace('FORM', form), target: '_blank' }, '看表单，改表单') : null;
    const decides = (this.catalogue.forms[form]?.fields ?? []).filter((one) => one.values);
    return [
      this.role(element),
      this.pick(element, 'form', '表单', forms),
      link,
      decides.length ? node('div', { class: 'field' }, node('b', {}, '它能决定走向的回答'),
        ...decides.map((one) => node('p', { class: 'hint' }, `${one.label}：${one.values.map(([, words]) => words).join('、')}`))) : null,
      this.status(element),
      duration('多久没办就提醒', this.model.properties(element).due, (value) => this.model.setProperty(element, 'due', value), { hint: '只提醒，不改变走向；到期要改变走向的，在步骤边上加“期限”', key: 'due' }),
      this.word(element, 'silence', '没人办会怎样（一句话，写给办理人）', { long: true }),
      button('加一个期限', () => { this.addDeadline(element); redraw(); }),
    ];
  }

  /* A timer on the edge of the step; the flow from it is drawn by hand. */
  addDeadline(element) {
    const factory = this.modeler.get('elementFactory');
    const event = factory.createShape({ type: 'bpmn:BoundaryEvent', eventDefinitionType: 'bpmn:TimerEventDefinition', cancelActivity: true });
    const place = { x: element.x + element.width - 18, y: element.y + element.height };
    const made = this.model.modeling.createShape(event, place, element, { attach: true });
    this.modeler.get('selection').select(made);
  }

  operator(element, redraw) {
    const { id, parameters } = this.model.operator(element);
    const spec = this.catalogue.operators[id];
    const types = Object.fromEntries((spec?.parameters ?? []).map((one) => [one.name, one.type]));
    const options = Object.entries(this.catalogue.operators).map(([key, one]) => [key, `${one.label}（${key}）`]);
    const store = (name, value) => this.model.setOperator(element, id, { ...parameters, [name]: value }, types);
    return [
      choice('做什么', id, options, (value) => { this.model.setOperator(element, value, {}, {}); redraw(); }, { key: 'operator' }),
      spec ? node('p', { class: 'hint' }, `可能的结果：${spec.outcomes.join('、')}`) : null,
      ...(spec?.parameters ?? []).map((one) => this.parameter(one, parameters[one.name], store)),
      this.status(element, '办完后的状态'),
    ];
  }

  parameter(spec, value, store) {
    const label = spec.required ? spec.label : `${spec.label}（可不填）`;
    if (spec.values) {
      const options = spec.values.map((one) => [JSON.stringify(one), one]);
      const plain = value && value.replace(/^'(.*)'$/, '"$1"');
      return choice(label, plain, options, (next) => store(spec.name, next), { key: spec.name });
    }
    return text(label, value, (next) => store(spec.name, next), { key: spec.name, hint: '写固定的文字要加引号，如 "invitation"；或写某一步的回答，如 Fill.reply_by' });
  }

  call(element, redraw) {
    const called = element.businessObject.calledElement;
    const options = Object.entries(this.catalogue.called).map(([key, one]) => [key, `${one.name}（${key}）`]);
    const outcomes = this.catalogue.called[called]?.outcomes ?? [];
    const given = Object.entries(this.model.properties(element)).filter(([name]) => name !== 'status');
    return [
      choice('调用哪张流程图', called, options, (value) => { this.model.modeling.updateProperties(element, { calledElement: value || undefined }); redraw(); }, { key: 'called' }),
      outcomes.length ? node('p', { class: 'hint' }, `可能的结果：${outcomes.join('、')}`) : null,
      this.catalogue.called[called] ? this.opening(called) : null,
      called ? null : this.newCalled(element, redraw),
      ...given.map(([name]) => this.word(element, name, `参数 ${name}`)),
      this.newParameter(element, redraw),
      this.word(element, 'status', '在里面等待时的状态', { hint: '如 "agreement_under_review"；不填则用里面各步自己的' }),
    ];
  }

  opening(called) {
    const made = button('打开被调用的流程图', () => this.openCalled(called));
    made.setAttribute('data-reading', '');
    return node('p', {}, made);
  }

  /* A blank diagram of this draft's own for the call, opened at once. */
  newCalled(element, redraw) {
    const name = node('input', { type: 'text', 'data-key': 'new-called-name', maxlength: 60 });
    const process = node('input', { type: 'text', 'data-key': 'new-called-process', maxlength: 60, spellcheck: 'false', autocapitalize: 'off' });
    name.value = element.businessObject.name ?? '';
    const told = node('p', { class: 'error', role: 'alert', hidden: true });
    const begin = async () => {
      const problem = await this.beginCalled(process.value.trim(), name.value.trim());
      told.textContent = problem;
      told.hidden = !problem;
      if (problem) return;
      this.model.modeling.updateProperties(element, { calledElement: process.value.trim() });
      redraw();
      this.openCalled(process.value.trim());
    };
    return node('details', {}, node('summary', {}, '新建一张给它调用'), field('它的名称', name), field('它的编号', process, '小写英文字母开头，只含字母、数字和下划线，如 extra_check'), told, button('新建并打开', begin));
  }

  newParameter(element, redraw) {
    const name = node('input', { type: 'text', 'aria-label': '参数名', 'data-key': 'parameter-name' });
    const add = () => {
      if (!/^[a-z][a-z0-9_]*$/.test(name.value)) { name.setAttribute('aria-invalid', 'true'); name.focus(); return; }
      this.model.setProperty(element, name.value, 'case.id'); redraw();
    };
    return node('details', {}, node('summary', {}, '加一个参数'), field('参数名', name, '小写英文字母、数字和下划线'), button('加上', add));
  }

  event(element, kind, redraw) {
    const event = this.model.event(element);
    const parts = [];
    if (event?.$type === 'bpmn:TimerEventDefinition') parts.push(...timer(event, (which, body) => { this.model.setTimer(element, which, body); redraw(); }));
    if (event?.$type === 'bpmn:MessageEventDefinition') parts.push(this.message(element), ...this.sender(element));
    for (const [type, root, property, label] of REFERENCES) {
      if (event?.$type === `bpmn:${type}EventDefinition`) parts.push(this.reference(element, `bpmn:${root}`, property, label));
    }
    if (kind === 'BoundaryEvent') parts.push(node('p', { class: 'hint' }, element.businessObject.cancelActivity === false ? '到时不中断这一步。用扳手图标可以改' : '到时中断这一步。用扳手图标可以改'));
    parts.push(this.status(element, kind === 'EndEvent' ? '结束时的状态' : '从这里起的状态'));
    if (kind === 'EndEvent') parts.push(this.word(element, 'outcome', '作为被调用的流程时，给出的结果', { hint: '英文短词，如 passed' }));
    return parts;
  }

  message(element) { return this.reference(element, 'bpmn:Message', 'messageRef', '等哪个消息'); }

  reference(element, type, property, label) {
    const holder = this.model.event(element) ?? element.businessObject;
    const list = node('datalist', { id: `known-${type.replace(':', '-')}` }, ...this.model.named(type).map((one) => node('option', { value: one.name ?? '' })));
    const made = text(label, holder[property]?.name, (name) => this.model.setReference(element, type, property, name), { key: property, list: list.id, hint: '英文短词；写一个新的就会建一个' });
    made.append(list);
    return made;
  }

  sender(element) {
    return [
      this.word(element, 'sent_by', '谁可以发这个消息', { hint: `角色，用逗号隔开：${this.catalogue.roles.map(([key, words]) => `${key} ${words}`).join('，')}` }),
      this.word(element, 'hint', '这样做意味着什么（写给办理人）', { long: true }),
    ];
  }

  flow(element, redraw) {
    const source = element.source?.businessObject;
    if (!source || ['bpmn:StartEvent', 'bpmn:ParallelGateway', 'bpmn:EventBasedGateway', 'bpmn:BoundaryEvent'].includes(source.$type)) {
      return [node('p', { class: 'hint' }, '从这里出去不看条件。')];
    }
    return conditionFields(element, this.model, this.catalogue, redraw);
  }

  process(element) {
    const roles = this.catalogue.roles;
    if (this.isCalled) return [node('p', { class: 'hint' }, '由别的流程调用：入口、发起人写在调用它的流程里。每个结束写明给出的结果，调用它的步骤按结果往下走。')];
    const about = [['graduate', '毕业生'], ['agreement', '一份协议'], ['destination', '一项去向'], ['post', '一个岗位'], ['employer', '用人单位']];
    return [
      this.word(element, 'entry', '入口叫什么'),
      this.word(element, 'entry_hint', '什么时候选这个入口', { long: true }),
      several('谁可以发起', this.model.properties(element).started_by, roles, (value) => this.model.setProperty(element, 'started_by', value), 'started_by'),
      this.pick(element, 'withdrawn_by', '谁可以撤回', roles, { empty: '（发起人）' }),
      this.pick(element, 'about', '这件事关于什么', about),
    ];
  }

  more(element, kind) {
    const parts = [text('说明', this.model.documentation(element), (value) => this.model.setDocumentation(element, value), { long: true, key: 'documentation' })];
    const isStep = !['Participant', 'Process', 'Collaboration', 'Lane'].includes(kind);
    if (isStep) {
      const told = node('p', { class: 'error', role: 'alert', hidden: true });
      parts.push(text('编号', element.id, (value) => {
        const problem = value === element.id ? '' : this.model.setId(element, value);
        told.textContent = problem;
        told.hidden = !problem;
      }, { key: 'id', hint: '条件和参数用编号指这一步；改了编号，它们会一起改' }), told);
    }
    return node('details', { class: 'advanced' }, node('summary', {}, '说明和编号'), ...parts);
  }
}

const REFERENCES = [
  ['Signal', 'Signal', 'signalRef', '哪个信号'],
  ['Error', 'Error', 'errorRef', '哪个错误'],
  ['Escalation', 'Escalation', 'escalationRef', '哪个升级'],
];
