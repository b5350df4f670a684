/* Loop and multi-instance markers: how often a step is carried out, as docs/diagrams.md says. */
import { choice, node, text, tick } from './fields.js';

export const MOST_TURNS = 200;
const PROPERTIES = 'spiffworkflow:Properties';
const KINDS = [['standard', '办完再看，要不要再办一次（循环）'], ['sequential', '办几份，一份接一份'], ['parallel', '办几份，同时办']];
const UNTOUCHED = ['id', 'documentation', 'behavior', 'loopDataOutputRef', 'outputDataItem', 'complexBehaviorDefinition'];
const EXPRESSIONS = ['loopCondition', 'loopCardinality', 'completionCondition'];

/* BPMN writes the list of a multi-instance as a reference; ours is the path of a variable, which refers
   to nothing drawn. The reader would drop it, and the next save would lose it. */
export function keepListReferences(modeler) {
  modeler.on('import.parse.complete', ({ warnings = [] }) => keepLists(warnings));
}

export function keepLists(warnings) {
  for (const { element, property, value } of warnings) {
    if (property === 'bpmn:loopDataInputRef' && value) element.loopDataInputRef = { id: value };
  }
}

export function mayRepeat(element) {
  const own = element.businessObject;
  return Boolean(own.$instanceOf?.('bpmn:Activity')) && !own.triggeredByEvent;
}

/* The marker as plain values: {kind, condition, maximum, before, count, list, item, until}. */
export function readLoop(element, model) {
  const marker = element.businessObject.loopCharacteristics;
  if (!marker) return { kind: '' };
  if (marker.$type === 'bpmn:StandardLoopCharacteristics') {
    return { kind: 'standard', condition: marker.loopCondition?.body ?? '', maximum: marker.loopMaximum ?? '', before: Boolean(marker.testBefore) };
  }
  const properties = model.extension(element, PROPERTIES, marker)?.get('properties') ?? [];
  return {
    kind: marker.isSequential ? 'sequential' : 'parallel',
    count: marker.loopCardinality?.body ?? '',
    list: marker.loopDataInputRef?.id ?? '',
    item: marker.inputDataItem?.name ?? marker.inputDataItem?.id ?? '',
    until: marker.completionCondition?.body ?? '',
    maximum: properties.find((one) => one.name === 'maximum')?.value ?? '',
  };
}

/* Puts another marker in the place of the one there is, in one step that can be undone. */
export function writeLoop(element, model, values) {
  const own = element.businessObject;
  const marker = values.kind ? made(own, model, values) : undefined;
  model.modeling.updateProperties(element, { loopCharacteristics: marker });
}

function made(own, model, { kind, condition, maximum, before, count, list, item, until }) {
  const isStandard = kind === 'standard';
  const marker = model.make(isStandard ? 'bpmn:StandardLoopCharacteristics' : 'bpmn:MultiInstanceLoopCharacteristics', {}, own);
  const former = own.loopCharacteristics;
  if (former?.$type === marker.$type) for (const name of UNTOUCHED) if (former[name] !== undefined) marker[name] = former[name];
  const expression = (body) => (body ? model.make('bpmn:FormalExpression', { body }, marker) : undefined);
  if (isStandard) {
    marker.loopCondition = expression(condition);
    if (whole(maximum)) marker.loopMaximum = Number(maximum);
    if (before) marker.testBefore = true;
    return marker;
  }
  if (kind === 'sequential') marker.isSequential = true;
  marker.loopCardinality = expression(count);
  if (list) marker.loopDataInputRef = { id: list };
  if (item) marker.inputDataItem = model.make('bpmn:DataInput', { id: former?.inputDataItem?.id ?? model.freshId(`Item_${own.id}`), name: item }, marker);
  marker.completionCondition = expression(until);
  if (maximum !== '' && maximum !== undefined) bound(marker, model, String(maximum));
  return marker;
}

function bound(marker, model, value) {
  const holder = model.make('bpmn:ExtensionElements', { values: [] }, marker);
  const properties = model.make(PROPERTIES, {}, holder);
  properties.properties = [model.make('spiffworkflow:Property', { name: 'maximum', value }, properties)];
  holder.values = [properties];
  marker.extensionElements = holder;
}

const whole = (value) => /^\d+$/.test(String(value ?? '').trim());

export function loopFields(element, model, redraw) {
  const loop = readLoop(element, model);
  const store = (changed) => { writeLoop(element, model, { ...loop, ...changed }); redraw(); };
  const line = (name, label, more) => text(label, loop[name], (value) => store({ [name]: value }), { key: `loop-${name}`, ...more });
  const kind = choice('办几次', loop.kind, KINDS, (value) => store({ kind: value }), { empty: '一次', key: 'loop-kind' });
  if (!loop.kind) return [kind];
  const most = (hint) => line('maximum', loop.kind === 'standard' ? '最多几次' : '最多几份', { type: 'number', min: 1, max: MOST_TURNS, inputmode: 'numeric', hint });
  const own = loop.kind === 'standard' ? standard(loop, line, store, most) : several(loop, line, store, most);
  return [kind, node('div', { class: 'inset' }, ...own.filter(Boolean))];
}

function standard(loop, line, store, most) {
  return [
    line('condition', '什么时候再办一次', { long: true, hint: '成立就再办一次，如 Fill.outcome == "again"。每一次的回答盖过上一次的' }),
    most(`必填，1 到 ${MOST_TURNS}。到了次数就往下走`),
    tick('第一次之前也先看条件', loop.before, (before) => store({ before }), 'loop-before'),
  ];
}

function several(loop, line, store, most) {
  const byList = Boolean(loop.list || loop.item);
  const from = choice('办几份', byList ? 'list' : 'count', [['count', '写明份数'], ['list', '一列里每一项一份']],
    (way) => store(way === 'list' ? { count: '', list: '', item: 'one' } : { count: '', list: '', item: '' }), { empty: null, key: 'loop-from' });
  const number = line('count', '份数', { hint: '整数，或给出整数的表达式，如 Fill.number' });
  const list = [line('list', '哪一列', { hint: '某一步填写的列表，如 Fill.people' }), line('item', '每一项叫什么', { hint: '英文短词，如 one；在这一步里用它读到这一项' })];
  return [
    from, ...(byList ? list : [number]),
    byList || !whole(loop.count) ? most(`必填，1 到 ${MOST_TURNS}。实际更多时，这一步会报错`) : null,
    line('until', '什么时候提前结束', { long: true, hint: '每办完一份看一次，成立就不再等其余的，如 Review.outcome == "refuse"。可不填' }),
  ];
}

/* Everything in a marker that may name a step, for when a step gets another id. */
export function loopExpressions(own) {
  return EXPRESSIONS.map((name) => own.loopCharacteristics?.[name]).filter(Boolean);
}
