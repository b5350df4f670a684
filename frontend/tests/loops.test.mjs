/* Loop and multi-instance markers as the panel reads and writes them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BpmnModdle } from 'bpmn-moddle';
import spiff from '../modeler/spiff-moddle.json' with { type: 'json' };
import { keepLists, readLoop, writeLoop } from '../modeler/loops.js';

const moddle = new BpmnModdle({ spiffworkflow: spiff });
const around = (marker) => `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" id="D" targetNamespace="t"><bpmn:process id="p"><bpmn:userTask id="Review">${marker}</bpmn:userTask></bpmn:process></bpmn:definitions>`;

/* As much of the model as the markers need. */
const model = {
  make: (type, values, parent) => Object.assign(moddle.create(type, values), { $parent: parent }),
  freshId: (prefix) => `${prefix}_1`,
  extension: (_, type, carrier) => carrier.get('extensionElements')?.get('values').find((one) => one.$type === type),
  modeling: { updateProperties: (element, values) => Object.assign(element.businessObject, values) },
};

async function opened(marker) {
  const read = await moddle.fromXML(around(marker));
  keepLists(read.warnings);
  return { root: read.rootElement, element: { businessObject: read.rootElement.rootElements[0].flowElements[0] } };
}

async function again({ root }) {
  const { xml } = await moddle.toXML(root, { format: true });
  return { xml, ...await opened(/<bpmn:userTask[^>]*>(.*)<\/bpmn:userTask>/s.exec(xml)?.[1] ?? '') };
}

test('the list of a multi-instance outlives reading and writing', async () => {
  const own = await opened('<bpmn:multiInstanceLoopCharacteristics isSequential="true"><bpmn:extensionElements><spiffworkflow:properties><spiffworkflow:property name="maximum" value="9" /></spiffworkflow:properties></bpmn:extensionElements><bpmn:loopDataInputRef>Fill.people</bpmn:loopDataInputRef><bpmn:inputDataItem id="one" name="one" /></bpmn:multiInstanceLoopCharacteristics>');
  const wanted = { kind: 'sequential', count: '', list: 'Fill.people', item: 'one', until: '', maximum: '9' };
  assert.deepEqual(readLoop(own.element, model), wanted);
  const kept = await again(own);
  assert.match(kept.xml, /<bpmn:loopDataInputRef>Fill.people<\/bpmn:loopDataInputRef>/);
  assert.deepEqual(readLoop(kept.element, model), wanted);
});

for (const wanted of [
  { kind: 'standard', condition: 'Fill.outcome == "again"', maximum: 5, before: true },
  { kind: 'parallel', count: 'Fill.number', list: '', item: '', until: 'Review.outcome == "refuse"', maximum: '20' },
  { kind: 'sequential', count: '3', list: '', item: '', until: '', maximum: '' },
  { kind: 'parallel', count: '', list: 'Fill.people', item: 'person', until: '', maximum: '7' },
]) {
  test(`a marker is written and read again: ${wanted.kind} ${wanted.count || wanted.list || wanted.condition}`, async () => {
    const own = await opened('');
    writeLoop(own.element, model, wanted);
    const kept = await again(own);
    assert.deepEqual(readLoop(kept.element, model), wanted);
  });
}

test('what the panel does not show stays in the marker, and the marker goes as a whole', async () => {
  const own = await opened('<bpmn:multiInstanceLoopCharacteristics behavior="One"><bpmn:documentation>为什么</bpmn:documentation></bpmn:multiInstanceLoopCharacteristics>');
  writeLoop(own.element, model, { ...readLoop(own.element, model), count: '2' });
  assert.match((await again(own)).xml, /behavior="One"[\s\S]*为什么/);
  writeLoop(own.element, model, { kind: '' });
  assert.doesNotMatch((await again(own)).xml, /Loop/);
});
