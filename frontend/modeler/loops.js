/* Loop and multi-instance markers: how often a step is carried out. */

/* BPMN writes the list of a multi-instance as a reference; ours is the path of a variable, which refers
   to nothing drawn. The reader would drop it, and the next save would lose it. */
export function keepListReferences(modeler) {
  modeler.on('import.parse.complete', ({ warnings = [] }) => {
    for (const { element, property, value } of warnings) {
      if (property === 'bpmn:loopDataInputRef' && value) element.loopDataInputRef = { id: value };
    }
  });
}
