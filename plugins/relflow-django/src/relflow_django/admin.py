"""Admin pages that show and change nothing: cases, one case, one account, open questions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from relflow import RelflowError
from relflow_django import pages
from relflow_django.engines import policy
from relflow_django.labels import LABELS
from relflow_django.models import CaseRow
from relflow_django.people import People, user_id
from relflow_django.settings import configuration, named
from relflow_django.words import language, words

__all__ = ["CaseAdmin"]


def tenant_of(request: HttpRequest) -> str:
    """Whose cases the page shows."""
    asked = named(configuration().tenant)
    return str(asked(request)) if asked is not None else ""


class StateFilter(admin.SimpleListFilter):
    """Open, closed or all."""

    title = words("open or closed", "是否已关闭")
    parameter_name = "closed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The choices."""
        return [("no", LABELS["open"]), ("yes", LABELS["closed"])]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of the choice."""
        if self.value() in ("yes", "no"):
            return queryset.filter(closed_at__isnull=self.value() == "no")
        return queryset


class WorkflowFilter(admin.SimpleListFilter):
    """One of the policy's workflows, by what people call it."""

    title = LABELS["workflow"]
    parameter_name = "workflow"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The workflows that have cases."""
        used = set(model_admin.get_queryset(request).order_by().values_list("workflow", flat=True).distinct())
        flows = policy().program.workflows
        return [(name, flows[name].label.text(language()) if name in flows else name) for name in sorted(used)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of the choice."""
        return queryset.filter(workflow=self.value()) if self.value() else queryset


if TYPE_CHECKING:
    _CaseRowAdmin = admin.ModelAdmin[CaseRow]
else:
    _CaseRowAdmin = admin.ModelAdmin


@admin.register(CaseRow)
class CaseAdmin(_CaseRowAdmin):
    """The list is a view of relflow's table; everything behind it is asked of the engine."""

    list_display = ("name", "workflow_label", "state_label", "account_link", "when")
    list_filter = (StateFilter, WorkflowFilter)
    search_fields = ("id", "key", "account")
    search_help_text = words("case, host's key or account", "工单编号、业务编号或客户")
    list_per_page = 50
    show_full_result_count = False
    change_list_template = "relflow_django/cases.html"

    # -- read-only ---------------------------------------------------------------------------------------------------

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Cases are opened by the host."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Cases change by their events."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """History stays."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[CaseRow]:
        """The tenant's cases; those that only carry out an obligation are left out."""
        found = CaseRow.objects.using(configuration().database).filter(tenant=tenant_of(request))
        return found.exclude(workflow__startswith="~").order_by("-id")

    # -- columns -----------------------------------------------------------------------------------------------------

    @admin.display(description=words("case", "工单"), ordering="id")
    def name(self, row: CaseRow) -> str:
        """The host's name for it, else ours."""
        return str(row.key or row.id)

    @admin.display(description=words("workflow", "流程"), ordering="workflow")
    def workflow_label(self, row: CaseRow) -> str:
        """What people call the workflow."""
        flow = policy().program.workflows.get(row.workflow)
        return flow.label.text(language()) if flow is not None else row.workflow

    @admin.display(description=words("state", "状态"), ordering="state")
    def state_label(self, row: CaseRow) -> str:
        """What people call the state."""
        flow = policy().program.workflows.get(row.workflow)
        state = flow.states.get(row.state) if flow is not None else None
        return state.label.text(language()) if state is not None else row.state

    @admin.display(description=words("account", "客户"), ordering="account")
    def account_link(self, row: CaseRow) -> str:
        """To the account's page."""
        if row.account is None:
            return "-"
        return format_html('<a href="{}">{}</a>', account_url(row.account), row.account)

    @admin.display(description=LABELS["due"], ordering="next_timer")
    def when(self, row: CaseRow) -> str:
        """When the next clock step falls due, or when the case was closed, in the policy's time zone."""
        found = row.closed_at if row.closed_at is not None else row.next_timer
        if found is None:
            return "-"
        moment = datetime.fromtimestamp(found / 1_000_000, UTC).astimezone(policy().program.zone)
        return f"{moment:%Y-%m-%d %H:%M}"

    # -- pages -------------------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        """The account and the open questions beside Django's own."""
        view = self.admin_site.admin_view
        return [
            path("account/", view(self.account_view), name="relflow_account"),
            path("questions/", view(self.questions_view), name="relflow_questions"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The list, with a link to the open questions."""
        return super().changelist_view(request, {"say": LABELS, **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> TemplateResponse:
        """One case."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        try:
            page = pages.case_page(row.id, language(), tenant=row.tenant, reveal=self._may_reveal(request))
        except RelflowError as error:
            return self._page(request, "relflow_django/trouble.html", str(row), trouble=error.text(language()))
        link = account_url(page.case.account) if page.case.account else ""
        return self._page(request, "relflow_django/case.html", str(row), page=page, account_url=link)

    def account_view(self, request: HttpRequest) -> TemplateResponse:
        """One account."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        account = request.GET.get("id", "")
        roles = roles_of(request, account)
        try:
            page = pages.account_page(account, language(), tenant=tenant_of(request), viewer=roles)
        except RelflowError as error:
            return self._page(request, "relflow_django/trouble.html", account, trouble=error.text(language()))
        levels = [(level, mark_safe(level.explanation)) for level in page.levels]  # noqa: S308 - relflow escapes it
        return self._page(request, "relflow_django/account.html", account, page=page, levels=levels)

    def questions_view(self, request: HttpRequest) -> TemplateResponse:
        """What the policy leaves open."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = pages.questions(language())
        return self._page(
            request, "relflow_django/questions.html", str(LABELS["questions"]), questions=found, policy=policy()
        )

    def _page(self, request: HttpRequest, template: str, title: str, **context: Any) -> TemplateResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, "say": LABELS}
        return TemplateResponse(request, template, {**shared, **context})

    def _may_reveal(self, request: HttpRequest) -> bool:
        """Personal values are masked for all but those with a permission of its own."""
        user: Any = request.user
        return bool(user.has_perm("relflow_django.view_personal"))


def account_url(account: str) -> str:
    """The page of an account."""
    return reverse("admin:relflow_account") + "?" + urlencode({"id": account})


def roles_of(request: HttpRequest, account: str) -> Sequence[str]:
    """The roles that the viewer holds for the account."""
    people = People(configuration())
    return people.relflow_roles(tenant_of(request), user_id(request.user), account, datetime.now(UTC), None)
