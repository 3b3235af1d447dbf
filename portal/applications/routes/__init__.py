"""An applicant's work: task list, one thing a page, check, submit, receipt."""

from portal.applications.routes import consortium, documents, form, submitting, versions
from portal.applications.routes.common import bp

__all__ = ["bp", "consortium", "documents", "form", "submitting", "versions"]
