/* Times as people type them: a number and a unit; ISO 8601 in the diagram. */
import { choice, field, node, select, text } from './fields.js';

const UNITS = [['D', '天'], ['H', '小时'], ['M', '分钟'], ['W', '周']];
const SIMPLE = /^["']?P(?:(\d+)(D|W)|T(\d+)(H|M))["']?$/;

export function parse(body) {
  const found = SIMPLE.exec((body ?? '').trim());
  return found ? { number: found[1] ?? found[3], unit: found[2] ?? found[4] } : null;
}

export function iso(number, unit) {
  return unit === 'D' || unit === 'W' ? `P${number}${unit}` : `PT${number}${unit}`;
}

/* A number and a unit; what is no plain number of one unit is shown as the expression that it is. */
export function duration(label, body, save, { hint, key } = {}) {
  const known = parse(body);
  if (body && !known) return text(label, body, save, { hint: '按 ISO 8601 写时长（如 P3DT12H），或写给出时长的表达式', key });
  const number = node('input', { type: 'number', min: 1, inputmode: 'numeric', 'data-key': key });
  number.value = known?.number ?? '';
  const store = () => save(Number(number.value) > 0 ? iso(Math.floor(number.value), unit.value) : '');
  const unit = select(known?.unit ?? 'D', UNITS, store, null, undefined, `${label}的单位`);
  number.addEventListener('change', store);
  const made = field(label, number, hint);
  made.append(node('div', { class: 'together' }, number, unit));
  return made;
}

const KINDS = [['timeDuration', '过一段时间'], ['timeDate', '到某一时刻'], ['timeCycle', '每隔一段时间']];

/* The fields of a timer event. `save(kind, body)`. */
export function timer(event, save) {
  const kind = KINDS.map(([name]) => name).find((name) => event[name]) ?? 'timeDuration';
  const body = event[kind]?.body ?? '';
  const fields = [choice('什么时候', kind, KINDS, (chosen) => save(chosen, chosen === kind ? body : ''), { empty: null, key: 'timer-kind' })];
  const stored = (value) => save(kind, value);
  if (kind === 'timeDuration') fields.push(duration('时长', body, stored, { key: 'timer-body' }));
  else if (kind === 'timeDate') fields.push(text('时刻', body, stored, { key: 'timer-body', hint: '写某一步填写的日期，如 Fill_invitation.reply_by；或 2027-06-30。只写日期的，算到当天 23:59:59' }));
  else fields.push(text('重复', body, stored, { key: 'timer-body', hint: '如 R3/P1D：每天一次，共三次' }));
  return fields;
}
