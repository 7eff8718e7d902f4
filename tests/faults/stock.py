"""The control: a stock Faust processor over the same submissions, as its guide would write it.

Run as `python -m tests.faults.stock` beside the region's own processor, and killed like it. For
each record it says in a topic of its own at which offset it stood.
"""

from __future__ import annotations

import os
from typing import Any

import faust

app = faust.App(
    f"stock-{os.environ['STOCK_REGION']}",
    broker=f"kafka://{os.environ['STOCK_BROKER']}",
    web_enabled=False,
    topic_allow_declare=False,
    topic_disable_leader=True,
    consumer_auto_offset_reset="earliest",
    consumer_group_instance_id="stock",
    canonical_url="http://stock:1",
    broker_session_timeout=6.0,
    broker_heartbeat_interval=1.5,
    broker_rebalance_timeout=6.0,
    datadir=os.environ["STOCK_DATA"],
)
submissions = app.topic(
    f"collab.{os.environ['STOCK_REGION']}.submissions", value_serializer="raw", key_serializer="raw"
)
seen = app.topic(os.environ["STOCK_SEEN"], value_serializer="raw")


@app.agent(submissions)
async def record(stream: Any) -> None:
    async for event in stream.events():
        await seen.send(value=b"%d/%d" % (event.message.partition, event.message.offset))


if __name__ == "__main__":
    worker = faust.Worker(app, loglevel="WARNING", redirect_stdouts=False)
    worker.execute_from_commandline()
