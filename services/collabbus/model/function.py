"""Functions (检察职能): the kinds of procuratorial work by which offices divide themselves."""

from __future__ import annotations

from collabbus.model.bilingual import Bilingual


class Function(Bilingual):
    """四大检察 and what stands beside them; names and values equal those of the protobuf enum."""

    CRIMINAL = "CRIMINAL", "刑事检察"
    CIVIL = "CIVIL", "民事检察"
    ADMINISTRATIVE = "ADMINISTRATIVE", "行政检察"
    PUBLIC_INTEREST = "PUBLIC_INTEREST", "公益诉讼检察"
    JUVENILE = "JUVENILE", "未成年人检察"
    PETITION = "PETITION", "控告申诉检察"
    CORRECTION = "CORRECTION", "刑事执行检察"
    IP = "IP", "知识产权检察"
