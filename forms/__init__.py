"""What may be answered: form definitions, code tables, and the way from JSON to a web form.

Knows nothing of processes, databases or the web framework; see docs/forms.md.
"""

from forms.definitions import facts

__all__ = ["facts"]
