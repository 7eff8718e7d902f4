"""Files: contracts, working calendar, keys, before any broker is asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from collabbus.contracts import ContractError
from collabbus.errors import CollabbusError
from collabbus.keyring import load_identity, load_private, private_file
from collabbus.link.keys import KeyDirectory, PrivateKey, PublicKey, Use, suite_of
from collabbus.link.suite import SealBroken
from collabbus.model.deadline import CHINA, DAY_MS
from collabbus.operate.examination import Line, Subject, fail, fine, warn
from collabbus.operate.topic_contract import TopicContract, TopicContractError

EXPIRY_DAYS = 30
"""A key that ends sooner is told."""
AHEAD_DAYS = 90
"""How far ahead deadlines are commonly set, and the calendar must know its holidays."""
_PROBE = b"collabbus doctor"


def contracts(subject: Subject) -> Iterator[Line]:
    """Look whether every contract file holds, and the region is a member of a network."""
    folder = subject.settings.contracts
    try:
        found = subject.contracts
    except ContractError as error:
        for fault in error.faults:
            yield fail(
                f"契约文件有误：{fault.file}",
                str(fault),
                f"改正 {folder} 中该文件，或取回与其他区域相同的文件；collabbus contracts check",
                f"correct it in {folder}, or fetch the files that the other regions have; "
                "`collabbus contracts check`",
            )
        return
    mine = [each for each in found.networks.values() if subject.region in each.regions]
    if not mine:
        yield fail(
            f"{subject.region} 不属于任何协作网络",
            f"{subject.region} is a member of no network in {folder}",
            "更正 COLLABBUS_REGION，或将其加入某网络的文件",
            "correct COLLABBUS_REGION, or add the region to a network's file",
        )
    for network in mine:
        digest = found.hash(network.id).hex()[:16]
        yield fine(
            f"{network.id} {network.zh}：契约 {digest}",
            f"{network.id}: contract {digest}, the same in every region that has these files",
        )
    try:
        TopicContract.load(folder)
    except TopicContractError as error:
        yield fail(
            "topics.yaml 有误",
            str(error),
            f"改正 {folder}/topics.yaml",
            f"correct {folder}/topics.yaml",
        )


def calendar(subject: Subject) -> Iterator[Line]:
    """Look whether the calendar knows the holidays of the days to which deadlines are set."""
    last = subject.contracts.calendar.last_year or 0
    ahead = datetime.fromtimestamp((subject.now_ms() + AHEAD_DAYS * DAY_MS) / 1000, CHINA).year
    if ahead <= last:
        yield fine(f"节假日已知至 {last} 年", f"holidays are known to the end of {last}")
        return
    yield warn(
        f"节假日只到 {last} 年，此后仅以周末为休息日",
        f"holidays are known to {last} only; later deadlines know weekends alone",
        "国务院通知发布后更新 contracts/calendar.yaml，各区域同时换用",
        "once next year's notice is out, extend contracts/calendar.yaml, in all regions",
    )


def keys(subject: Subject) -> Iterator[Line]:
    """Look whether the directory is signed, the own private keys fit it, and peers have keys."""
    now = subject.now_ms()
    try:
        directory = subject.directory
        identity = load_identity(subject.settings.keys, subject.region)
        seals = load_private(private_file(subject.settings.keys, subject.region, Use.SEAL))
    except CollabbusError as error:
        yield fail(
            f"密钥文件不可用（{error.code}）",
            f"{error.code}: {error}",
            "按上面的说明恢复文件；勿自行重造",
            "restore the file as said; don't make a new one in its place",
        )
        return
    entries = {key.id: key for key in directory}
    yield fine(
        f"密钥目录第 {directory.version} 版，签名有效，{len(entries)} 把公钥",
        f"key directory version {directory.version}, signed by its operators, {len(entries)} keys",
    )
    yield from _own(subject.region, Use.SIGN, identity.sign, entries.get(identity.sign.id), now)
    yield from _own(subject.region, Use.SEAL, seals[-1], entries.get(seals[-1].id), now)
    ends = _ends(directory)
    for peer in subject.peers:
        yield from _peer(directory, ends, peer, now)
    yield from _offices(subject, ends, now)


_Ends = dict[tuple[str, Use], int]


def _ends(directory: KeyDirectory) -> _Ends:
    """Give until when each holder has a key for a use, in ms since 1970."""
    ends: _Ends = {}
    for key in directory:
        name = key.holder, key.use
        ends[name] = max(ends.get(name, 0), key.not_after_ms)
    return ends


def _peer(directory: KeyDirectory, ends: _Ends, peer: str, now: int) -> Iterator[Line]:
    uses = (Use.SIGN, Use.SEAL)
    lacking = [use for use in uses if directory.current(peer, use, now) is None]
    if lacking:
        yield fail(
            f"{peer} 没有有效的 {'、'.join(lacking)} 密钥",
            f"{peer} has no valid key to {' or '.join(lacking)}: its link stands still",
            "请运维方更新密钥目录并分发；collabbus keys rotate",
            "have the operators bring the directory up to date; `collabbus keys rotate`",
        )
    for use in uses:
        days = (ends.get((peer, use), 0) - now) // DAY_MS
        if use not in lacking and days < EXPIRY_DAYS:
            yield warn(
                f"{peer} 的 {use} 密钥将在 {days} 天后失效",
                f"{peer}'s key to {use} ends in {days} days; its link stands still then",
                f"请 {peer} 运行 collabbus keys rotate {peer} {use}，并换用运维方分发的新目录",
                f"have {peer} `collabbus keys rotate {peer} {use}`, and take the new directory",
            )


def _offices(subject: Subject, ends: _Ends, now: int) -> Iterator[Line]:
    mine = (n for n in subject.contracts.networks.values() if subject.region in n.regions)
    offices = {one.id for network in mine for one in network.regions[subject.region].offices}
    lacking = sorted(
        each for each in offices if subject.directory.current(each, Use.SUBMIT, now) is None
    )
    days = {one: (ends.get((one, Use.SUBMIT), 0) - now) // DAY_MS for one in offices - {*lacking}}
    soon = sorted(
        (one for one, left in days.items() if left < EXPIRY_DAYS), key=lambda one: (days[one], one)
    )
    if not (lacking or soon):
        yield fine(
            f"{len(offices)} 个机构都有提交密钥", f"all {len(offices)} offices have a key to submit"
        )
    if lacking:
        yield warn(
            f"{len(lacking)} 个机构没有有效的提交密钥：{_some(lacking)}",
            f"{len(lacking)} offices have no valid key to submit: {_some(lacking)}",
            "collabbus keys generate --office 机构，然后分发目录",
            "`collabbus keys generate --office OFFICE`, then hand out the directory",
        )
    if soon:
        first = days[soon[0]]
        yield warn(
            f"{len(soon)} 个机构的提交密钥 {EXPIRY_DAYS} 天内失效，最早在 {first} 天后："
            f"{_some(soon)}",
            f"keys to submit of {len(soon)} offices end within {EXPIRY_DAYS} days, the first in "
            f"{first}: {_some(soon)}",
            "collabbus keys rotate 机构 submit，并先分发目录",
            "`collabbus keys rotate OFFICE submit`, and hand out the directory first",
        )


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (" ..." if len(names) > 5 else "")


def _own(
    region: str, use: Use, private: PrivateKey, public: PublicKey | None, now: int
) -> Iterator[Line]:
    if public is None or public.holder != region or public.use is not use:
        yield fail(
            f"本区域的 {use} 私钥 {private.id} 不在密钥目录中",
            f"the private key {private.id} to {use} isn't in the key directory as {region}'s",
            "取最新的密钥目录；对方会以 UNKNOWN_KEY 隔离其签名",
            "fetch the newest directory; peers quarantine what it signs as UNKNOWN_KEY",
        )
    elif not _fits(use, private, public):
        yield fail(
            f"私钥 {private.id} 与目录中的公钥不符",
            f"the private key {private.id} to {use} isn't the half of the directory's key",
            "从备份恢复私钥，或 collabbus keys rotate",
            "restore the private key from its backup, or `collabbus keys rotate`",
        )
    elif not public.valid(now):
        yield fail(
            f"{use} 密钥 {private.id} 已失效或尚未生效",
            f"the key {private.id} to {use} isn't valid today",
            f"collabbus keys rotate {region} {use}，并分发目录",
            f"`collabbus keys rotate {region} {use}`, and hand out the directory",
        )
    elif (days := (public.not_after_ms - now) // DAY_MS) < EXPIRY_DAYS:
        yield warn(
            f"{use} 密钥 {private.id} 将在 {days} 天后失效",
            f"the key {private.id} to {use} ends in {days} days",
            f"collabbus keys rotate {region} {use}，并先分发目录",
            f"`collabbus keys rotate {region} {use}`, and hand out the directory first",
        )
    else:
        yield fine(
            f"{use} 私钥与目录相符，还有 {days} 天",
            f"the private key to {use} fits the directory, {days} days left",
        )


def _fits(use: Use, private: PrivateKey, public: PublicKey) -> bool:
    """Tell whether the halves belong together, by using them."""
    if private.suite != public.suite:
        return False
    suite = suite_of(public)
    if use is Use.SEAL:
        try:
            sealed = suite.seal(public.public, _PROBE, _PROBE)
            return suite.open(private.private, sealed, _PROBE) == _PROBE
        except (SealBroken, ValueError):
            return False
    return suite.verify(public.public, _PROBE, suite.sign(private.private, _PROBE))
