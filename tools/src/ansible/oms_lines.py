# Tells each result of a playbook as one JSON object on a line, for oms. Results under no_log come censored by Ansible.
from __future__ import annotations

import json

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: oms_lines
type: stdout
short_description: one JSON object a result
description: one JSON object a result
"""

LONGEST = 1200


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "oms_lines"

    def say(self, **words):
        self._display.display(json.dumps({"oms": 1, **words}, default=str))

    def told(self, kind, result, **more):
        task = getattr(result, "task", None) or result._task
        host = getattr(result, "host", None) or result._host
        found = getattr(result, "result", None) or result._result
        hidden = bool(found.get("_ansible_no_log")) or "censored" in found
        message = "" if hidden else str(found.get("msg") or found.get("stderr") or "")[:LONGEST]
        diffs = found.get("diff") or []
        diffs = diffs if isinstance(diffs, list) else [diffs]
        diff = "" if hidden or not found.get("changed") else self._get_diff(diffs)[:LONGEST]
        self.say(
            event=kind, host=host.get_name(), task=task.get_name(), role=str(task._role or ""), module=task.action,
            changed=bool(found.get("changed")), hidden=hidden, message=message, diff=diff, **more,
        )

    def v2_playbook_on_play_start(self, play):
        self.say(event="play", name=play.get_name())

    def v2_playbook_on_task_start(self, task, is_conditional):
        self.say(event="task", task=task.get_name())

    def v2_runner_on_ok(self, result):
        self.told("ok", result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self.told("failed", result, ignored=bool(ignore_errors))

    def v2_runner_on_unreachable(self, result):
        self.told("unreachable", result)

    def v2_runner_on_skipped(self, result):
        self.told("skipped", result)

    def v2_playbook_on_no_hosts_matched(self):
        self.say(event="none", name="no hosts matched")

    def v2_playbook_on_stats(self, stats):
        self.say(event="end", hosts={host: stats.summarize(host) for host in sorted(stats.processed)})
