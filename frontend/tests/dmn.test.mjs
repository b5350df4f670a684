/* Decision tables and markers as the panel reads and writes them, on the library that keeps the diagram. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BpmnModdle } from 'bpmn-moddle';
import spiff from '../modeler/spiff-moddle.json' with { type: 'json' };
import { fromExtension, tablesIn, textsOf, toExtension, toFile, told, toldLiteral, written } from '../modeler/dmn.js';

const TASK = `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="D" targetNamespace="t">
  <bpmn:process id="p"><bpmn:businessRuleTask id="Rate"><bpmn:extensionElements>
    <decision xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="d" name="分级">
      <decisionTable hitPolicy="FIRST">
        <input id="i1" label="天数"><inputExpression id="e1" typeRef="number"><text>Fill.days</text></inputExpression></input>
        <output id="o1" name="grade" typeRef="string"><defaultOutputEntry><text>"late"</text></defaultOutputEntry></output>
        <annotation name="备注" />
        <rule id="r1"><inputEntry><text>&lt; 5</text></inputEntry><outputEntry><text>"good"</text></outputEntry><annotationEntry><text>快</text></annotationEntry></rule>
        <rule id="r2"><inputEntry><text>[5..10)</text></inputEntry><outputEntry><text>"fair"</text></outputEntry></rule>
      </decisionTable></decision></bpmn:extensionElements></bpmn:businessRuleTask></bpmn:process></bpmn:definitions>`;

const moddle = new BpmnModdle({ spiffworkflow: spiff });
const taskOf = ({ rootElement }) => rootElement.rootElements[0].flowElements[0];
const tableOf = (task) => tablesIn(fromExtension(task.extensionElements.values[0]))[0];

test('a table is read from a diagram', async () => {
  const table = tableOf(taskOf(await moddle.fromXML(TASK)));
  assert.equal(table.name, '分级');
  assert.equal(table.policy, 'FIRST');
  assert.deepEqual(table.inputs.map(({ label, text }) => [label, text]), [['天数', 'Fill.days']]);
  assert.deepEqual(table.outputs.map(({ name, fallback }) => [name, fallback]), [['grade', '"late"']]);
  assert.deepEqual(table.rules.map(({ tests, results }) => [...tests, ...results]), [['< 5', '"good"'], ['[5..10)', '"fair"']]);
});

test('what is written is read again, with what the window does not show', async () => {
  const read = await moddle.fromXML(TASK);
  const task = taskOf(read);
  const table = tableOf(task);
  table.rules.push({ tests: ['>= 10'], results: ['"bad & worse"'] });
  task.extensionElements.values = [toExtension(written(table), moddle, task.extensionElements)];

  const { xml } = await moddle.toXML(read.rootElement, { format: true });
  const again = await moddle.fromXML(xml);

  assert.deepEqual(again.warnings, []);
  const kept = tableOf(taskOf(again));
  assert.deepEqual(kept.rules.map(({ tests, results }) => [...tests, ...results]), [['< 5', '"good"'], ['[5..10)', '"fair"'], ['>= 10', '"bad & worse"']]);
  assert.equal(kept.inputs[0].kept.inner.typeRef, 'number');
  assert.equal(kept.rules[0].kept.children[0].children[0].body, '快');
  assert.equal(kept.kept.children[0].attributes.name, '备注');
});

test('a file for other tools names its namespace and escapes its cells', async () => {
  const table = tableOf(taskOf(await moddle.fromXML(TASK)));
  const file = toFile(table);
  assert.match(file, /<definitions xmlns="https:\/\/www.omg.org\/spec\/DMN\/20191111\/MODEL\/"/);
  assert.match(file, /<text>&lt; 5<\/text>/);
  assert.match(file, /<decision id="Decision_1" name="分级">/);
});

test('cells are told in Chinese', () => {
  const words = { pass: '通过', back: '退回' };
  const cells = { '': '任意', '-': '任意', '"pass"': '通过', '"pass", "back"': '通过或退回', '"other"': '“other”', '< 5': '小于 5', '< 5, [7..9]': '小于 5 或 7 到 9', '>=5': '不少于 5', '[1..5]': '1 到 5', '(1..5)': '1（不含）到 5（不含）', 'not("pass")': '不是（通过）', true: '是', null: '没有值', '"a, b"': '“a, b”' };
  for (const [cell, meaning] of Object.entries(cells)) assert.equal(told(cell, words), meaning);
  assert.equal(toldLiteral('"pass"', words), '通过');
  assert.equal(toldLiteral('12'), '12');
});

test('the texts of an output decide conditions, its numbers do not', () => {
  const table = { outputs: [{ name: 'grade', fallback: '"late"' }], rules: [{ results: ['"good"'] }, { results: ['3'] }, { results: ['"good"'] }] };
  assert.deepEqual(textsOf(table, 0), ['good', 'late']);
});
