/* Facts in words, and the conditions that can be chosen by them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, write } from '../modeler/conditions.js';
import { decidingFacts, labelOf, valueOf } from '../modeler/facts.js';

const FACTS = {
  'school.review_levels': { label: '审核级次', values: [['college', '只由院系审核'], ['both', '都审核']] },
  'school.review_levels_rescission': { label: '解约的审核级次', values: [['college', '只由院系审核'], ['both', '都审核']] },
  'school.student_confirm': { label: '要学生确认', values: [[true, '是'], [false, '否']] },
  'school.rescission_reply_within': { label: '多久失效', values: [['', '没有期限']] },
  'case.cohort': { label: '届别', values: [] },
};

test('a fact and its values have Chinese words', () => {
  const told = [
    ['school.review_levels', 'both', '都审核'], ['school.student_confirm', false, '否'], ['school.rescission_reply_within', '', '没有期限'],
    ['school.rescission_reply_within', 'P7D', '7 天'], ['school.review_levels', 'not college', '不是“只由院系审核”'], ['case.cohort', 2027, '2027'], ['case.other', 'x', 'x'],
  ];
  for (const [path, value, words] of told) assert.equal(valueOf(path, value, FACTS), words);
  assert.equal(labelOf('school.review_levels', FACTS), '审核级次');
  assert.equal(labelOf('case.other', FACTS), 'case.other');
});

test('conditions can be chosen by named texts and by yes or no', () => {
  assert.deepEqual(decidingFacts(FACTS).map(({ step, name, isFlag }) => [`${step}.${name}`, Boolean(isFlag)]), [['school.review_levels', false], ['school.student_confirm', true]]);
});

test('a condition is read and written as it was', () => {
  const flag = { isFlag: true };
  for (const [body, more] of [['school.student_confirm == True', flag], ['school.student_confirm == False', flag], ['Fill.outcome == "send"', {}], ['Fill.outcome != "send"', {}], ['Fill.outcome in ["a", "b"]', {}]]) {
    const known = parse(body);
    assert.equal(write({ ...known, op: known.op === 'in' ? '==' : known.op, ...more }), body);
  }
  assert.deepEqual(parse('school.student_confirm != True').values, ['False']);
  assert.equal(parse('Fill.days > 3'), null);
});
