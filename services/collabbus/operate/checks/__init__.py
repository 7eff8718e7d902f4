"""What a region is examined for: contract files, keys, the cluster, the clock, links, backlogs."""

from collabbus.operate.checks import backlog, certificates, clock, cluster, files, links
from collabbus.operate.examination import Check

CHECKS = (
    Check("contracts", "契约", files.contracts),
    Check("calendar", "工作日历", files.calendar, needs=("contracts",)),
    Check("keys", "密钥", files.keys, needs=("contracts",)),
    Check("broker", "Kafka", cluster.broker),
    Check("certificates", "证书", certificates.brokers, needs=("broker",)),
    Check("topics", "主题", cluster.topics, needs=("contracts", "broker")),
    Check("copies", "副本", cluster.copies, needs=("contracts", "broker")),
    Check("disk", "磁盘", cluster.disk, needs=("broker",)),
    Check("clock", "时钟", clock.clock, needs=("broker",)),
    Check("lag", "积压", backlog.lag, needs=("contracts", "broker")),
    Check("links", "链路", links.links, needs=("contracts", "broker")),
    Check("waiting", "等待", backlog.waiting, needs=("broker",)),
    Check("quarantine", "隔离区", backlog.quarantine, needs=("broker",)),
)
"""In the order in which a person would look: what others rest on comes first."""

__all__ = ["CHECKS"]
