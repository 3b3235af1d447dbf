"""Write the tables of `docs/` from the code: lifecycles with their diagram, roles with their permissions."""

from __future__ import annotations

from pathlib import Path

from portal.access import PERMISSIONS, Role
from portal.accounts.labels import ROLES
from portal.applications import labels as application_labels
from portal.applications.lifecycle import LIFECYCLE as APPLICATION
from portal.calls import labels as call_labels
from portal.calls.lifecycle import LIFECYCLE as CALL
from portal.decisions import labels as decision_labels
from portal.decisions.lifecycle import LIFECYCLE as DECISION
from portal.lifecycle import Lifecycle
from portal.organisations import labels as organisation_labels
from portal.organisations.lifecycle import LIFECYCLE as MEMBERSHIP_REQUEST
from portal.reviews import labels as review_labels
from portal.reviews.lifecycle import LIFECYCLE as REVIEW

DOCS = Path(__file__).resolve().parent.parent / "docs"
TABLES = (
    (MEMBERSHIP_REQUEST, organisation_labels),
    (CALL, call_labels),
    (APPLICATION, application_labels),
    (REVIEW, review_labels),
    (DECISION, decision_labels),
)


def lifecycles() -> str:
    """Every lifecycle as a diagram and a table."""
    parts = [
        "# Lifecycles\n",
        "Written by `make tables` from the code; a test sees to it that it is current.\n",
    ]
    for table, labels in TABLES:
        parts += [f"## {table.name}\n", _diagram(table), _rows(table, labels)]
    return "\n".join(parts)


def _diagram(table: Lifecycle) -> str:
    lines = ["```mermaid", "stateDiagram-v2"]
    for transition in table.transitions:
        for source in sorted(transition.sources):
            lines.append(f"  {source} --> {transition.target or source}: {transition.verb}")
    return "\n".join([*lines, "```\n"])


def _rows(table: Lifecycle, labels: object) -> str:
    rows = ["| verb | in Dutch | from | to | unless |", "|---|---|---|---|---|"]
    words = labels.VERBS  # type: ignore[attr-defined]
    for t in table.transitions:
        rules = ", ".join(f"`{rule.__name__}`" for rule in t.when) or "–"  # type: ignore[attr-defined]
        target = t.target or "the same"
        rows.append(f"| {t.verb} | {words[t.verb]} | {', '.join(sorted(t.sources))} | {target} | {rules} |")
    return "\n".join([*rows, ""])


def roles() -> str:
    """Which role holds which permission."""
    shown = [r for r in Role if r is not Role.SYSTEM]
    head = [
        "# Roles and permissions\n",
        "Written by `make tables` from `portal/access.py`; a test sees to it.\n",
    ]
    rows = [f"| permission | {' | '.join(str(ROLES[r]) for r in shown)} |", "|---|" + "---|" * len(shown)]
    for permission, holders in PERMISSIONS.items():
        rows.append(f"| `{permission}` | {' | '.join('yes' if r in holders else '' for r in shown)} |")
    return "\n".join([*head, *rows, ""])


def main() -> None:
    """Write both."""
    (DOCS / "lifecycles.md").write_text(lifecycles(), "utf-8")
    (DOCS / "roles.md").write_text(roles(), "utf-8")


if __name__ == "__main__":
    main()
