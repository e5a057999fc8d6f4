"""The playbooks without hosts: the cloud half of the first story, from one model to the answers."""

from __future__ import annotations

import copy
import json
import pathlib

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODEL = yaml.safe_load((ROOT / "playbooks" / "demo_files" / "access.yml").read_text())
ORGANIZATION = yaml.safe_load((ROOT / "playbooks" / "demo_files" / "organization.yml").read_text())


@pytest.fixture
def site(emulator, run_playbook):
    emulator.seed(ORGANIZATION)

    def run(model=MODEL, playbook="keyless.aws.cloud", **more):
        return run_playbook(playbook, "-i", "localhost,", extra=model, **more)

    return run


def results(done):
    """The results of all tasks, by task name."""
    plays = json.loads(done.stdout)["plays"]
    tasks = [task for play in plays for task in play["tasks"]]
    return {task["task"]["name"].split(" : ")[-1]: task["hosts"].get("localhost") for task in tasks}


@pytest.mark.both_ends
def test_one_model_makes_the_cloud_half_true_and_a_second_run_changes_nothing(emulator, site):
    stats = json.loads(site(playbook="keyless.aws.site").stdout)["stats"]["localhost"]
    assert stats["changed"] > 0
    again = json.loads(site(playbook="keyless.aws.site").stdout)["stats"]["localhost"]
    assert (again["changed"], again["failures"]) == (0, 0)

    sso = emulator.client("sso-admin")
    instance = sso.list_instances()["Instances"][0]
    abac = sso.describe_instance_access_control_attribute_configuration(InstanceArn=instance["InstanceArn"])
    assert abac["InstanceAccessControlAttributeConfiguration"]["AccessControlAttributes"] == [
        {"Key": "SSMSessionRunAs", "Value": {"Source": ["${path:nickName}"]}}
    ]
    users = emulator.client("identitystore").list_users(IdentityStoreId=instance["IdentityStoreId"])["Users"]
    assert {user["UserName"]: user["NickName"] for user in users} == {
        "taro@example.com": "taro",
        "hanako@example.com": "hanako",
        "ken@example.com": "ken",
        "yuki@example.com": "ymori",
    }
    for account in ("111122223333", "444455556666"):
        document = emulator.client("ssm", account=account).get_document(Name="SSM-SessionManagerRunShell")
        inputs = json.loads(document["Content"])["inputs"]
        assert (inputs["runAsEnabled"], inputs["runAsDefaultUser"], inputs["idleSessionTimeout"]) == (True, "", "20")
        roles = emulator.client("iam", account=account).list_roles(PathPrefix="/aws-reserved/")["Roles"]
        names = {role["RoleName"].split("_")[1] for role in roles}
        assert names == ({"WebOperator"} if account == "111122223333" else {"WebOperator", "DbAdmin"})


def test_the_report_says_who_can_and_who_cannot(site):
    """Without hosts there are no rows, but the table is there."""
    site(playbook="keyless.aws.site")
    table = results(site(playbook="keyless.aws.report"))["Who can open a session on which host"]
    assert "PERSON" in table["msg"][0]


def test_the_report_reads_every_kind_of_policy(emulator, site, run_module, run_playbook, tmp_path):
    """Somebody made an administrator by hand: the report has to see it, though the model knows nothing of it."""
    site()
    administrator = "arn:aws:iam::aws:policy/AdministratorAccess"
    run_module("permission_sets", dict(permission_sets=[dict(name="Admin", managed_policies=[administrator])]))
    row = dict(permission_sets=["Admin"], users=["yuki@example.com"], accounts=["111122223333"])
    run_module("account_assignments", dict(assignments=[row]))
    host = dict(
        ansible_connection="local",
        ansible_become=False,
        keyless_instance_id="i-0aaaaaaaaaaaaaaa1",
        keyless_account_id="111122223333",
        keyless_region="ap-northeast-1",
        keyless_tags={"Team": "web"},
    )
    inventory = tmp_path / "inventory.yml"
    inventory.write_text(yaml.safe_dump({"all": {"hosts": {"web": host}}}))
    found = results(run_playbook("keyless.aws.report", "-i", str(inventory), extra=MODEL))
    rows = {row["person"]: row for row in found["Put it together"]["ansible_facts"]["access_report_rows"]}
    assert rows["yuki@example.com"]["way"] == "Admin in 111122223333"
    assert rows["yuki@example.com"]["why_not"] == "no OS user ymori on this host"
    assert any("Admin" in way for way in rows["yuki@example.com"]["ways_round"])


def test_what_leaves_the_model_is_taken_away(emulator, site):
    site()
    model = copy.deepcopy(MODEL)
    model["keyless_access"]["grants"][0]["accounts"] = ["web-prod"]
    before = emulator.writes()
    predicted = results(site(model, check=True, diff=True))["Account assignments"]
    assert emulator.writes() == before
    done = results(site(model))["Account assignments"]
    assert done["changes"] == predicted["changes"]
    assert [(change["action"], change["account_id"]) for change in done["changes"]] == [("delete", "444455556666")]
    roles = emulator.client("iam", account="444455556666").list_roles(PathPrefix="/aws-reserved/")["Roles"]
    assert [role["RoleName"].split("_")[1] for role in roles] == ["DbAdmin"]


# What is done to a model, and what is told then.
WRONG = [
    (lambda m: m["attributes"].update(SSMSessionRunAs="groups"), ["attributes.SSMSessionRunAs", "groups"]),
    (lambda m: m["people"]["taro"].update(os_user="taro@example.com"), ["people.taro.os_user", "e-mail"]),
    (lambda m: m["people"]["taro"].update(os_user="1001"), ["people.taro.os_user", "1001"]),
    (lambda m: m["people"]["taro"].update(os_user="root"), ["people.taro.os_user", "root"]),
    (lambda m: m["people"]["taro"].update(os_user="x" * 33), ["people.taro.os_user", "32"]),
    (lambda m: m["groups"].update({"newcomers": []}), ["people.yuki"]),
    (lambda m: m["people"]["taro"].update(email="hanako@example.com"), ["people.", "hanako@example.com"]),
    (lambda m: m["people"]["taro"].update(email="no address"), ["people.taro.email", "no address"]),
    (
        lambda m: m["grants"][0].update(accounts=["web-prd"]),
        ["grants[0].accounts[0]: no account 'web-prd' (did you mean 'web-prod'?)"],
    ),
    (lambda m: m["grants"][0].update(description="運用"), ["grants[0].description", "Latin-1"]),
    (lambda m: m["grants"][0].update(session_duration="PT13H"), ["grants[0].session_duration", "PT13H"]),
    (
        lambda m: m["grants"][0].update(instances={"ids": [f"i-{n:017x}" for n in range(400)]}),
        ["grants[0]", "10240", "tags"],
    ),
    (lambda m: m["grants"][0].update(sudo=["systemctl restart nginx"]), ["grants[0].sudo[0]", "systemctl"]),
    (lambda m: m["grants"][0].update(sudo=["/bin/ls\nALL"]), ["grants[0].sudo[0]"]),
    (lambda m: m["accounts"]["web-prod"].update(id=12345670123), ["accounts.web-prod.id", "quote it"]),
]


def test_wrong_models_are_refused_with_path_value_and_mend(emulator, ansible):
    """By the filter, in one run. That a playbook then asks nothing of AWS is the next test's matter."""
    tasks = []
    for change, _texts in WRONG:
        model = copy.deepcopy(MODEL["keyless_access"])
        change(model)
        told = "{{ model | keyless.aws.access_plan }}"
        tasks.append({"name": "Compile", "ansible.builtin.debug": {"msg": told}, "vars": {"model": model}})
    results = ansible.tasks([dict(task, ignore_errors=True) for task in tasks])
    assert len(results) == len(WRONG)
    for result, (_change, texts) in zip(results, WRONG, strict=True):
        assert result["failed"]
        for text in texts:
            assert text in result["msg"]


def test_all_problems_come_at_once(emulator, site):
    model = copy.deepcopy(MODEL)
    model["keyless_access"]["people"]["taro"]["os_user"] = "root"
    model["keyless_access"]["grants"][1]["accounts"] = ["data-prd"]
    model["keyless_access"]["grants"][0]["session_duration"] = "PT13H"
    text = site(model, fails=True, output="text").stdout
    for each in ("people.taro.os_user", "data-prd", "PT13H"):
        assert each in text
    assert emulator.calls() == {}


def test_a_failed_run_is_mended_by_the_next(emulator, site):
    emulator.faults("sso-admin:CreateAccountAssignment", "failed")
    failed = site(fails=True)
    assert "1 of" in results(failed)["Account assignments"]["msg"]
    assert json.loads(site().stdout)["stats"]["localhost"]["failures"] == 0
    assert json.loads(site().stdout)["stats"]["localhost"]["changed"] == 0
