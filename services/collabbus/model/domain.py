"""Domains (领域): the subjects of casework by which offices specialise."""

from __future__ import annotations

from collabbus.model.bilingual import Bilingual


class Domain(Bilingual):
    """A subject of casework; names and values equal those of the protobuf enum."""

    SCI_TECH = "SCI_TECH", "科技创新"
    INTL_COMMERCE = "INTL_COMMERCE", "国际商务"
    CULTURE_TOURISM = "CULTURE_TOURISM", "文旅商"
    SMART_MFG = "SMART_MFG", "高端智能制造"
    FINANCE = "FINANCE", "金融"
    IP = "IP", "知识产权"
    NETWORK = "NETWORK", "网络"
    DATA = "DATA", "数据"
    SMUGGLING_TAX = "SMUGGLING_TAX", "走私、税务"
    BONDED_ZONE = "BONDED_ZONE", "综合保税区"
    AIRPORT = "AIRPORT", "临空经济"
    FOREIGN = "FOREIGN", "涉外"
    ENV = "ENV", "生态环境"
    RELICS = "RELICS", "文物"
    RED = "RED", "红色文化"
    MINOR = "MINOR", "未成年人"
    CORRECTION = "CORRECTION", "社区矫正、监管场所"
    LINKAGE = "LINKAGE", "行刑衔接"
    PUBLIC_INTEREST = "PUBLIC_INTEREST", "公益诉讼"
    CIVIL = "CIVIL", "民事"
    FALSE_LIT = "FALSE_LIT", "虚假诉讼"
    ADMIN_DISPUTE = "ADMIN_DISPUTE", "行政争议"
    BUSINESS = "BUSINESS", "营商环境"
    DUTY_CRIME = "DUTY_CRIME", "职务犯罪"
    LABOUR = "LABOUR", "欠薪、用工"
    SECURITY = "SECURITY", "公共安全"
    CRIM_SUPERVISION = "CRIM_SUPERVISION", "刑事立案、侦查、审判监督"
    PETITION = "PETITION", "控告申诉、信访"
    GRAIN_SEED = "GRAIN_SEED", "粮食安全、制种"
