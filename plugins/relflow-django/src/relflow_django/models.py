"""relflow's cases as Django's admin pages list them: a view of the table, which relflow alone writes."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from relflow_django.words import words

__all__ = ["CaseRow"]


class CaseRow(models.Model):
    """One row of relflow's table of cases; whatever needs more than these columns asks the engine."""

    id: models.TextField[str, str] = models.TextField(words("case", "工单"), primary_key=True)
    tenant: models.TextField[str, str] = models.TextField(words("tenant", "租户"))
    workflow: models.TextField[str, str] = models.TextField(words("workflow", "流程"))
    key: models.TextField[str | None, str | None] = models.TextField(words("host's key", "业务编号"), null=True)
    account: models.TextField[str | None, str | None] = models.TextField(words("account", "客户"), null=True)
    state: models.TextField[str, str] = models.TextField(words("state", "状态"))
    closed_at: models.BigIntegerField[int | None, int | None] = models.BigIntegerField(
        words("closed", "关闭时间"), null=True
    )
    next_timer: models.BigIntegerField[int | None, int | None] = models.BigIntegerField(
        words("next timer", "下次到期"), null=True
    )

    class Meta:
        """Nothing is created or changed through the model."""

        managed = False
        db_table = "relflow_cases"
        ordering: ClassVar[Any] = ("-id",)
        default_permissions = ("view",)
        permissions: ClassVar[Any] = (("view_personal", "Can view personal values in cases"),)
        verbose_name = words("case", "工单")
        verbose_name_plural = words("cases", "工单")

    def __str__(self) -> str:
        return str(self.key or self.id)
