/* What the facts of a case are called: `case.initiator`, `school.review_levels`; words come from the server. */
import { parse } from './durations.js';

const UNITS = { D: '天', H: '小时', M: '分钟', W: '周' };

export const labelOf = (path, facts) => facts[path]?.label ?? path;

/* A value of a fact in words; what has none is shown as it is. */
export function valueOf(path, value, facts) {
  const named = facts[path]?.values.find(([one]) => one === value)?.[1];
  if (named !== undefined) return named;
  if (typeof value === 'boolean') return value ? '是' : '否';
  if (value === '') return '（空）';
  const time = typeof value === 'string' ? parse(value) : null;
  if (time) return `${time.number} ${UNITS[time.unit]}`;
  // the server's word for: none of the values that the conditions name
  if (typeof value === 'string' && value.startsWith('not ')) return `不是“${valueOf(path, value.slice(4), facts)}”`;
  return String(value);
}

/* The facts that a condition can be chosen by: texts with names, and yes or no. */
export function decidingFacts(facts) {
  return Object.entries(facts).filter(([path]) => !OF_ONE_KIND.test(path)).flatMap(([path, { label, values }]) => {
    const [step, name] = path.split('.');
    const made = { step, name, words: step === 'school' ? '本校的设置' : '发起时', label };
    if (values.length === 2 && values.every(([one]) => typeof one === 'boolean')) return [{ ...made, isFlag: true, values: values.map(([one, words]) => [one ? 'True' : 'False', words]) }];
    const areTexts = values.length > 1 && values.length <= MOST && values.every(([one]) => typeof one === 'string' && one);
    return areTexts ? [{ ...made, values }] : [];
  });
}

const MOST = 60;
const OF_ONE_KIND = /^school\.review_levels_/; // folded into `review_levels` when a case begins
