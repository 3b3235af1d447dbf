"""What the register, coverage and the desk's page of a region show."""

from portal.mandates.pages.coverage import Coverage, coverage
from portal.mandates.pages.region import desk_page, region_lines
from portal.mandates.pages.register import one, panel, region_page, register

__all__ = ["Coverage", "coverage", "desk_page", "one", "panel", "region_lines", "region_page", "register"]
