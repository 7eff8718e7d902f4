"""Reasons: every code with which a request can be refused, its status, and its meaning."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """A stable code (原因代码)."""

    code: str
    status: int
    """Of the HTTP answer that carries it."""
    zh: str
    en: str


_REGION = (
    ("ARCHIVED", 410, "事项已归档", "the matter is archived: open another, linked to it"),
    ("BAD_SIGNATURE", 500, "签名不符", "the gateway's signature wasn't good: tell its operator"),
    ("BODY_MISMATCH", 422, "内容与摘要不符", "the body isn't what the envelope says"),
    ("DUE_OUT_OF_RANGE", 422, "期限超出规定", "the day lies outside what the contract allows"),
    ("DUPLICATE", 409, "已有相同内容", "the thread has it already; it counts once"),
    ("EXPIRED", 409, "提交已过有效期", "the submission came after the time until which it holds"),
    ("FOREIGN_MATTER", 422, "事项不属本次行为", "another act opened that matter"),
    ("FOREIGN_OFFICE", 403, "不得代其他机构行事", "one may not act for that office, or not here"),
    ("FROZEN", 409, "线程已冻结", "an event of the thread was refused; operators see to it"),
    ("ID_REUSED", 409, "提交编号已用于其他内容", "the id was used for another submission before"),
    ("INTERNAL", 500, "系统处理失败", "collabbus failed on it; the operator has been told"),
    ("INVALID_FIELD", 422, "字段不合规定", "a field breaks a rule"),
    ("LEAVING", 409, "机构已申请退出", "the office has asked to leave the matter"),
    ("MISSING_FIELD", 422, "缺少必填内容", "something that the rules ask for is missing"),
    ("NOTHING_PENDING", 409, "无待答复事项", "there is nothing to answer, or it was answered"),
    ("NOT_AGREED", 409, "尚未达成一致", "not everybody has agreed to this version"),
    ("NOT_ALLOWED", 403, "规则不允许", "the contract doesn't let this office do that"),
    ("NOT_AWAITED", 409, "不轮到该机构", "the step awaits another office"),
    ("NOT_A_PARTY", 403, "不是参与方", "the office takes no part in the thread"),
    ("NOT_CORRECTABLE", 422, "不得更正", "the contract doesn't let that be corrected"),
    ("NOT_VOIDABLE", 409, "不得作废", "others build on it already"),
    ("OTHER_VERSION", 409, "版本不一致", "another text was proposed since: look at it first"),
    ("STEP_OVER", 409, "步骤已过", "the step that was seen is over: read the matter again"),
    ("TOO_LARGE", 413, "内容过大", "name large things by their digest, as annexes"),
    ("UNKNOWN_CONTRACT", 409, "约定版本未知", "the contract of the matter isn't kept here"),
    ("UNKNOWN_KEY", 503, "密钥未知或失效", "the gateway's key isn't valid now: tell its operator"),
    ("UNKNOWN_KIND", 422, "类型未知", "the family has no such act"),
    ("UNKNOWN_MATTER", 404, "事项不存在", "there is no such matter here"),
    ("UNKNOWN_NETWORK", 422, "网络未知", "this region isn't in such a network"),
    ("UNKNOWN_OFFICE", 422, "机构未知", "the network has no such office"),
    ("UNKNOWN_REGION", 422, "区域未知", "the network has no such region"),
    ("UNKNOWN_THREAD", 404, "线程不存在", "the matter has no such thread"),
    ("UNREADABLE", 422, "无法读取", "it is none of the messages of the schema"),
    ("WRONG_CONTRACT", 409, "约定不符", "the matter is pinned to another contract"),
    ("WRONG_ROUTE", 422, "机构不符合分派规则", "the contract's rules lead to another office"),
    ("WRONG_SHARD", 500, "分片错误", "the gateway chose a wrong shard: tell its operator"),
    ("WRONG_STATE", 409, "当前状态不允许", "the matter's state doesn't allow that now"),
    ("WRONG_STEP", 409, "步骤不符", "the step isn't the one that the rules give"),
)
_GATEWAY = (
    ("BAD_BODY", 400, "请求无法读取", "the request is no HTTP, or its body no JSON"),
    ("BAD_PARAMETER", 422, "参数不合规定", "a parameter of the address or a header is wrong"),
    ("BUSY", 503, "系统繁忙", "too much is under way: try again in a moment"),
    ("CURSOR_LOST", 410, "台账已重建", "the ledger was made anew: begin without a cursor"),
    ("FIELDS", 422, "字段不合规定", "fields break their rules; `errors` lists them"),
    ("FORBIDDEN", 403, "权限不足", "the token's role or office doesn't allow that"),
    ("HEAD_TOO_LARGE", 431, "请求头过大", "the request's line and headers are too large"),
    ("KEY_CONFLICT", 422, "幂等键已用于其他请求", "the key came with another request before"),
    ("LATER", 503, "尚未确认", "nobody knows whether it arrived: send it again with its key"),
    ("METHOD", 405, "方法不允许", "the address knows no such method"),
    ("NO_ANSWER_YET", 404, "提交未知", "this gateway knows no such submission of the office"),
    ("NO_LEDGER", 503, "台账不可用", "the ledger can't be read now, or isn't set up"),
    ("NOT_FOUND", 404, "不存在", "there is no such address, or nothing at it for this office"),
    ("RATE", 429, "请求过于频繁", "the office sends faster than it may: wait as Retry-After says"),
    ("REBUILDING", 503, "台账重建中", "the ledger is being made anew: try again in a moment"),
    ("TOKEN", 401, "令牌无效", "a good bearer token is needed"),
    ("TOO_MANY", 409, "数量已达上限", "the office has as many of them as it may"),
    ("UNSUPPORTED", 415, "类型不支持", "bodies are application/json in UTF-8"),
    ("WEBHOOK_HOST", 422, "回调地址不在允许范围", "the operator hasn't allowed that host"),
)  # fmt: skip

REASONS = {code: Reason(code, status, zh, en) for code, status, zh, en in (*_REGION, *_GATEWAY)}
"""By code: first what a region decides, then what the gateway itself says."""
