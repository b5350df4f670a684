"""Takes in diagrams that other tools drew: Camunda, Flowable, Activiti, Signavio, Bonita, jBPM, …

    found = import_in_process(data, "leave.bpmn")
    found.diagram     # the same diagram in our dialect, None where nothing can be made of the file
    found.notes       # what was understood, translated, is missing or is refused

Whatever differs between the file and the result is named by a note; what no note names is as it
was. The caller keeps the file itself.
"""

from processes.importing.importer import import_diagram
from processes.importing.killable import import_in_process
from processes.importing.notes import Imported, Note, Place, ProcessChoice, RoleQuestion, Trial

__all__ = [
    "Imported",
    "Note",
    "Place",
    "ProcessChoice",
    "RoleQuestion",
    "Trial",
    "import_diagram",
    "import_in_process",
]
