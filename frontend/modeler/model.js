/* Reads and changes what a diagram says beside its shapes. Every change is one undoable command. */

import { fromExtension, tablesIn, toExtension, written } from './dmn.js';
import { loopExpressions } from './loops.js';

const PROPERTIES = 'spiffworkflow:Properties';
const OPERATOR = 'spiffworkflow:ServiceTaskOperator';

/* Several changes that are undone together. */
class Together {
  preExecute({ acts }) { acts.forEach((act) => act()); }
  execute() { return []; }
  revert() { return []; }
}

export class Model {
  /* A diagram that is only shown has neither commands nor a factory. */
  constructor(modeler) {
    this.modeling = modeler.get('modeling', false);
    this.factory = modeler.get('bpmnFactory', false);
    this.commands = modeler.get('commandStack', false);
    this.registry = modeler.get('elementRegistry');
    this.modeler = modeler;
    this.commands?.registerHandler('qianyue.together', Together);
  }

  together(...acts) { this.commands.execute('qianyue.together', { acts }); }

  /* What carries the words of a shape: of a pool it is the process that the pool shows. */
  carrier(element) {
    const own = element.businessObject;
    return own.$type === 'bpmn:Participant' && own.processRef ? own.processRef : own;
  }

  extension(element, type, carrier = this.carrier(element)) {
    return carrier.get('extensionElements')?.get('values').find((one) => one.$type === type);
  }

  properties(element) {
    return Object.fromEntries((this.extension(element, PROPERTIES)?.get('properties') ?? []).map((one) => [one.name, one.value]));
  }

  setProperty(element, name, value) {
    const kept = { ...this.properties(element) };
    if (value) kept[name] = value; else delete kept[name];
    this.setProperties(element, kept);
  }

  setProperties(element, values) {
    const made = (holder) => Object.entries(values).map(([name, value]) => this.make('spiffworkflow:Property', { name, value }, holder));
    this.setExtension(element, PROPERTIES, Object.keys(values).length > 0, (one) => ({ properties: made(one) }));
  }

  operator(element) {
    const found = this.extension(element, OPERATOR);
    if (!found) return { id: '', parameters: {} };
    const given = found.parameterList?.get('parameters') ?? [];
    return { id: found.id, parameters: Object.fromEntries(given.map((one) => [one.id, one.value])) };
  }

  /* `types` tells the type of each parameter; empty ones are left out. */
  setOperator(element, id, parameters, types) {
    this.setExtension(element, OPERATOR, Boolean(id), (one) => {
      const list = this.make('spiffworkflow:Parameters', {}, one);
      list.parameters = Object.entries(parameters).filter(([, value]) => value)
        .map(([name, value]) => this.make('spiffworkflow:Parameter', { id: name, type: types[name] ?? 'text', value }, list));
      return { id, parameterList: list.parameters.length ? list : undefined };
    });
  }

  /* Puts one extension in its place, or takes it away, and the empty holder with it. */
  setExtension(element, type, wanted, contents) {
    const carrier = this.carrier(element);
    const holder = carrier.get('extensionElements') ?? this.make('bpmn:ExtensionElements', { values: [] }, carrier);
    const others = holder.get('values').filter((one) => one.$type !== type);
    const fresh = wanted ? this.make(type, {}, holder) : null;
    if (fresh) Object.assign(fresh, contents(fresh));
    const values = fresh ? [...others, fresh] : others;
    const isNew = !carrier.get('extensionElements');
    this.together(
      () => this.modeling.updateModdleProperties(element, holder, { values }),
      () => { if (isNew || !values.length) this.modeling.updateModdleProperties(element, carrier, { extensionElements: values.length ? holder : undefined }); },
    );
  }

  rename(element, name) {
    if (element.businessObject.$type === 'bpmn:Participant') {
      this.together(
        () => this.modeling.updateProperties(element, { name }),
        () => this.modeling.updateModdleProperties(element, this.carrier(element), { name }),
      );
    } else this.modeling.updateProperties(element, { name });
  }

  documentation(element) { return this.carrier(element).get('documentation')?.[0]?.text ?? ''; }

  setDocumentation(element, text) {
    const carrier = this.carrier(element);
    const documentation = text ? [this.make('bpmn:Documentation', { text }, carrier)] : [];
    this.modeling.updateModdleProperties(element, carrier, { documentation });
  }

  condition(flow) { return flow.businessObject.conditionExpression?.body ?? ''; }

  setCondition(flow, body) {
    const conditionExpression = body ? this.make('bpmn:FormalExpression', { body }, flow.businessObject) : undefined;
    this.modeling.updateProperties(flow, { conditionExpression });
  }

  isDefault(flow) { return flow.source?.businessObject.default === flow.businessObject; }

  setDefault(flow, wanted) {
    this.together(
      () => this.modeling.updateProperties(flow.source, { default: wanted ? flow.businessObject : undefined }),
      () => { if (wanted) this.setCondition(flow, ''); },
    );
  }

  event(element) { return element.businessObject.get('eventDefinitions')?.[0]; }

  /* `kind` is timeDuration, timeDate or timeCycle. */
  setTimer(element, kind, body) {
    const event = this.event(element);
    const expression = body ? this.make('bpmn:FormalExpression', { body }, event) : undefined;
    const cleared = { timeDuration: undefined, timeDate: undefined, timeCycle: undefined };
    this.modeling.updateModdleProperties(element, event, { ...cleared, [kind]: expression });
  }

  definitions() { return this.modeler.getDefinitions(); }

  named(type) { return this.definitions().get('rootElements').filter((one) => one.$type === type); }

  /* The message, signal, error or escalation of this name; made where there is none. */
  setReference(element, type, property, name) {
    const event = this.event(element) ?? element.businessObject;
    const definitions = this.definitions();
    const known = this.named(type).find((one) => one.name === name);
    const one = known ?? (name ? this.make(type, { id: this.freshId(type.split(':')[1]), name }, definitions) : undefined);
    this.together(
      () => { if (one && !known) this.modeling.updateModdleProperties(element, definitions, { rootElements: [...definitions.get('rootElements'), one] }); },
      () => this.modeling.updateModdleProperties(element, event, { [property]: one }),
    );
  }

  freshId(prefix) {
    let count = 1;
    const taken = new Set(this.definitions().get('rootElements').map((one) => one.id));
    while (taken.has(`${prefix}_${count}`) || this.registry.get(`${prefix}_${count}`)) count += 1;
    return `${prefix}_${count}`;
  }

  /* A new id for a step, and the same in every expression that names it. Gives what forbids it, or "". */
  setId(element, id) {
    if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(id)) return '编号以英文字母开头，只含字母、数字和下划线';
    if (this.registry.get(id)) return '已有别的图元用这个编号';
    const before = element.id;
    const step = new RegExp(`(^|[^\\w.])${before}(?=\\.)`, 'g');
    const renewed = (text) => text.replace(step, `$1${id}`);
    const acts = [() => this.modeling.updateProperties(element, { id })];
    for (const other of this.registry.filter((one) => one.businessObject && !one.labelTarget)) acts.push(...this.renewals(other, renewed));
    this.together(...acts);
    return '';
  }

  renewals(element, renewed) {
    const acts = [];
    const expression = element.businessObject.conditionExpression;
    for (const one of [expression, ...this.timers(element), ...loopExpressions(element.businessObject)]) {
      if (one?.body && renewed(one.body) !== one.body) {
        acts.push(() => this.modeling.updateModdleProperties(element, one, { body: renewed(one.body) }));
      }
    }
    const given = this.extension(element, OPERATOR)?.parameterList?.get('parameters') ?? [];
    const words = this.extension(element, PROPERTIES)?.get('properties') ?? [];
    for (const one of [...given, ...words]) {
      if (one.value && renewed(one.value) !== one.value) {
        acts.push(() => this.modeling.updateModdleProperties(element, one, { value: renewed(one.value) }));
      }
    }
    acts.push(...this.renewalsInside(element, renewed));
    return acts;
  }

  /* What a list of several turns and a decision table look at. */
  renewalsInside(element, renewed) {
    const acts = [];
    const marker = element.businessObject.loopCharacteristics;
    const list = marker?.loopDataInputRef?.id;
    if (list && renewed(list) !== list) acts.push(() => this.modeling.updateModdleProperties(element, marker, { loopDataInputRef: { id: renewed(list) } }));
    const table = this.table(element);
    if (table?.inputs.some(({ text }) => renewed(text) !== text)) {
      acts.push(() => this.setTable(element, { ...table, inputs: table.inputs.map((one) => ({ ...one, text: renewed(one.text) })) }));
    }
    return acts;
  }

  holdersOfTables(element) {
    const values = element.businessObject.get('extensionElements')?.get('values') ?? [];
    return values.filter((one) => one.$descriptor?.isGeneric && tablesIn(fromExtension(one)).length);
  }

  /* The decision table of a business rule task; null when it holds none. */
  table(element) {
    if (element.type !== 'bpmn:BusinessRuleTask') return null;
    return this.holdersOfTables(element).flatMap((one) => tablesIn(fromExtension(one)))[0] ?? null;
  }

  /* Puts a table in the place of what the task held; null takes it away. */
  setTable(element, table) {
    const own = element.businessObject;
    const holder = own.get('extensionElements') ?? this.make('bpmn:ExtensionElements', { values: [] }, own);
    const old = this.holdersOfTables(element);
    const fresh = table ? [toExtension(written(table), this.modeler.get('moddle'), holder)] : [];
    const values = [...holder.get('values').filter((one) => !old.includes(one)), ...fresh];
    const isNew = !own.get('extensionElements');
    this.together(
      () => this.modeling.updateModdleProperties(element, holder, { values }),
      () => { if (isNew) this.modeling.updateModdleProperties(element, own, { extensionElements: holder }); },
    );
  }

  timers(element) {
    return (element.businessObject.eventDefinitions ?? []).flatMap((one) => [one.timeDuration, one.timeDate, one.timeCycle]);
  }

  make(type, values, parent) {
    const made = this.factory.create(type, values);
    made.$parent = parent;
    return made;
  }

  laneOf(element) {
    const lanes = this.registry.filter((one) => one.type === 'bpmn:Lane');
    const holding = lanes.filter((one) => (one.businessObject.flowNodeRef ?? []).includes(element.businessObject));
    return holding.find((one) => !one.children.some((child) => child.type === 'bpmn:Lane')) ?? holding[0];
  }
}
