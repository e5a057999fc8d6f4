# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applications: found, changed and assigned by calls; SAML ones made by seeding only."""

from __future__ import annotations

import urllib.error

import pytest

PROVIDER = "arn:aws:sso::aws:applicationProvider/"
STATE = dict(
    users=[dict(user_name="taro"), dict(user_name="jiro")],
    groups=[dict(name="operators", members=["taro"])],
    applications=[
        dict(name="Partner", provider="external_aws_account", description="Ours", status="DISABLED",
             groups=["operators"], tags=dict(team="web")),
        dict(name="VPN", assignment_required=None),
    ],
)  # fmt: skip


@pytest.fixture
def app(emulator, ic):
    """The ARN of the application Partner."""
    seeded = emulator.seed(STATE)
    ic.users, ic.groups = seeded["users"], seeded["groups"]
    return seeded["applications"]["Partner"][0]


def test_what_is_seeded_is_there(emulator, ic, app):
    assert emulator.seed(STATE)["changed"] is False
    found = {each["Name"]: each for each in ic.sso.list_applications(InstanceArn=ic.arn)["Applications"]}
    assert set(found) == {"Partner", "VPN"}
    shown = ic.sso.describe_application(ApplicationArn=app)
    del shown["ResponseMetadata"]
    assert shown == found["Partner"]
    assert (shown["Status"], shown["Description"], shown["ApplicationProviderArn"]) == (
        "DISABLED", "Ours", PROVIDER + "catalog/ExternalAWSAccount")
    assert found["VPN"]["ApplicationProviderArn"] == PROVIDER + "custom-saml"
    assert ic.sso.list_tags_for_resource(ResourceArn=app)["Tags"] == [dict(Key="team", Value="web")]
    ic.sso.tag_resource(ResourceArn=app, Tags=[dict(Key="a", Value="b")])
    assert len(ic.sso.list_tags_for_resource(ResourceArn=app, InstanceArn=ic.arn)["Tags"]) == 2
    only = dict(Filter=dict(ApplicationProvider=PROVIDER + "custom-saml"))
    assert [each["Name"] for each in ic.sso.list_applications(InstanceArn=ic.arn, **only)["Applications"]] == ["VPN"]


def test_two_applications_may_have_one_name(emulator, ic):
    twice = dict(applications=[dict(name="Partner"), dict(name="Partner", status="DISABLED")])
    arns = emulator.seed(twice)["applications"]["Partner"]
    assert len(set(arns)) == 2
    assert emulator.seed(twice) == dict(emulator.seed(twice), changed=False)


@pytest.mark.parametrize("entry, said", [
    (dict(), "needs a name"),
    (dict(name="x", colour="red"), "has no colour"),
    (dict(name="x", provider="ldap"), "provider must be one of saml, external_aws_account, oauth"),
    (dict(name="x", status="ON"), "enum value set"),
    (dict(name="x", assignment_required="no"), "assignment_required must be"),
    (dict(name="x", users=["nobody"]), "there is no user nobody"),
    (dict(name="x", groups=["nobody"]), "there is no group nobody"),
    (dict(name="x", groups=[5]), "must be a text"),
])
def test_wrong_seeds(emulator, entry, said):
    with pytest.raises(urllib.error.HTTPError) as caught:
        emulator.seed(dict(applications=[entry]))
    assert said in caught.value.read().decode()


def test_providers(ic, refused):
    found = ic.sso.list_application_providers()["ApplicationProviders"]
    assert {each["ApplicationProviderArn"]: each["FederationProtocol"] for each in found} == {
        PROVIDER + "custom": "OAUTH", PROVIDER + "custom-saml": "SAML", PROVIDER + "catalog/ExternalAWSAccount": "SAML"}
    shown = ic.sso.describe_application_provider(ApplicationProviderArn=PROVIDER + "catalog/ExternalAWSAccount")
    assert shown["DisplayData"]["DisplayName"] == "External AWS Account"
    refused("ResourceNotFoundException", ic.sso.describe_application_provider, ApplicationProviderArn=PROVIDER + "no")


def test_saml_applications_cannot_be_created(ic, refused):
    said = refused("ValidationException", ic.sso.create_application, InstanceArn=ic.arn, Name="Partner",
                   ApplicationProviderArn=PROVIDER + "custom-saml")
    assert "is not supported for this action" in said["Error"]["Message"]
    options = dict(Visibility="DISABLED", SignInOptions=dict(Origin="APPLICATION", ApplicationUrl="https://example.com"))
    given = dict(InstanceArn=ic.arn, Name="Own", ApplicationProviderArn=PROVIDER + "custom", PortalOptions=options,
                 Tags=[dict(Key="team", Value="web")], ClientToken="once")
    arn = ic.sso.create_application(**given)["ApplicationArn"]
    assert ic.sso.create_application(**given)["ApplicationArn"] == arn
    assert ic.sso.describe_application(ApplicationArn=arn)["PortalOptions"] == options
    ic.sso.delete_application(ApplicationArn=arn)
    refused("ResourceNotFoundException", ic.sso.describe_application, ApplicationArn=arn)


def test_update_changes_what_is_given(ic, app, refused):
    ic.sso.update_application(ApplicationArn=app, Status="ENABLED")
    url = dict(SignInOptions=dict(Origin="APPLICATION", ApplicationUrl="https://example.com/start"))
    ic.sso.update_application(ApplicationArn=app, Name="Partners", PortalOptions=url)
    shown = ic.sso.describe_application(ApplicationArn=app)
    assert (shown["Name"], shown["Status"], shown["Description"]) == ("Partners", "ENABLED", "Ours")
    assert shown["PortalOptions"] == dict(url, Visibility="ENABLED")
    without = dict(SignInOptions=dict(Origin="APPLICATION"))
    refused("ValidationException", ic.sso.update_application, ApplicationArn=app, PortalOptions=without)


def test_whether_an_assignment_is_required(emulator, ic, app, refused):
    assert ic.sso.get_application_assignment_configuration(ApplicationArn=app)["AssignmentRequired"] is True
    ic.sso.put_application_assignment_configuration(ApplicationArn=app, AssignmentRequired=False)
    assert ic.sso.get_application_assignment_configuration(ApplicationArn=app)["AssignmentRequired"] is False
    vpn = emulator.seed(STATE)["applications"]["VPN"][0]
    refused("ValidationException", ic.sso.get_application_assignment_configuration, ApplicationArn=vpn)
    refused("ValidationException", ic.sso.put_application_assignment_configuration, ApplicationArn=vpn,
            AssignmentRequired=True)


def test_assignments(ic, app, refused):
    jiro = dict(ApplicationArn=app, PrincipalType="USER", PrincipalId=ic.users["jiro"])
    refused("ResourceNotFoundException", ic.sso.describe_application_assignment, **jiro)
    ic.sso.create_application_assignment(**jiro)
    refused("ConflictException", ic.sso.create_application_assignment, **jiro)
    assert ic.sso.describe_application_assignment(**jiro)["PrincipalId"] == ic.users["jiro"]
    listed = ic.sso.list_application_assignments(ApplicationArn=app)["ApplicationAssignments"]
    operators = dict(ApplicationArn=app, PrincipalType="GROUP", PrincipalId=ic.groups["operators"])
    assert listed == [operators, jiro]
    of_taro = ic.sso.list_application_assignments_for_principal(
        InstanceArn=ic.arn, PrincipalType="USER", PrincipalId=ic.users["taro"])["ApplicationAssignments"]
    assert of_taro == [operators]  # through the group
    ic.directory.delete_user(IdentityStoreId=ic.store, UserId=ic.users["jiro"])
    ic.sso.delete_application_assignment(**jiro)  # it outlives its user
    refused("ResourceNotFoundException", ic.sso.delete_application_assignment, **jiro)
    refused("ResourceNotFoundException", ic.sso.create_application_assignment, **jiro)


def test_only_who_may_use_the_instance_sees_them(emulator, ic, app, refused):
    emulator.seed(dict(accounts=[dict(id="111122223333", name="web")]))
    member = emulator.client("sso-admin", "111122223333")
    refused("AccessDeniedException", member.describe_application, ApplicationArn=app)
    other = app.replace("ssoins-7223", "ssoins-0000")
    refused("ResourceNotFoundException", ic.sso.describe_application, ApplicationArn=other)
