# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The option `documents` of the module session_document, which would make the module's file too long."""

    DOCUMENTATION = r"""
options:
  documents:
    description:
      - The session documents, each in all of O(targets).
      - >-
        The agent replaces C({{ name }}) by what people give for the parameter. Ansible would take it for a variable of
        its own, so tag such a text with C(!unsafe), as in the examples.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - The name, 3 to 128 of letters, digits, C(_), C(-) and C(.). Names that begin with C(aws), C(amazon) or
            C(amzn) are AWS's.
          - The document C(SSM-SessionManagerRunShell) has a module of its own, M(keyless.aws.session_preferences).
        type: str
        required: true
      state:
        description:
          - V(absent) deletes the document with all its versions, and then all other options count for nothing. AWS
            deletes no document that is shared with other accounts, so sharing has to be stopped before.
        type: str
        choices: [present, absent]
        default: present
      session_type:
        description:
          - V(standard_stream) is a shell, V(interactive_commands) a command with a terminal,
            V(non_interactive_commands) a command without one, and on Linux without a shell, V(port) a forwarded port.
          - Needed unless O(documents[].content) is given. Where a document has another one, it is changed, and nothing
            but its description and its inputs stays.
        type: str
        choices: [standard_stream, interactive_commands, non_interactive_commands, port]
      description:
        description: What the document is for. V('') clears.
        type: str
      port:
        description:
          - The port to forward to, V(1) to V(65535), or one parameter, such as C({{ portNumber }}).
          - For the type V(port), which needs it where the document is made.
        type: str
      host:
        description:
          - The host to forward to, through the instance. Without it, or with V(''), it is the instance itself.
          - It may name parameters. Where nothing limits them, a warning says that the document reaches any host.
        type: str
      local_port:
        description:
          - The port on the person's own machine, or one parameter, such as C({{ localPortNumber }}). V(0), V('') and
            none at all are any port that is free.
        type: str
      commands:
        description:
          - What runs, for each operating system. Systems that are left out are removed.
          - For the types V(interactive_commands) and V(non_interactive_commands), which need it where the document is
            made.
        type: dict
        suboptions:
          linux:
            description: The command on Linux.
            type: dict
            suboptions:
              commands:
                description: The command, which may name parameters.
                type: str
                required: true
              run_as_elevated:
                description:
                  - Whether it runs as root, for everybody who may use the document. That is a way round Run As, so a
                    warning says it.
                type: bool
                default: false
          macos:
            description: The command on macOS.
            type: dict
            suboptions:
              commands:
                description: The command, which may name parameters.
                type: str
                required: true
              run_as_elevated:
                description: Whether it runs as root.
                type: bool
                default: false
          windows:
            description: The command on Windows, in PowerShell.
            type: dict
            suboptions:
              commands:
                description: The command, which may name parameters.
                type: str
                required: true
              run_as_elevated:
                description: Whether it runs as SYSTEM.
                type: bool
                default: false
      parameters:
        description:
          - What people may give when they start a session. The list is exact, V([]) removes all.
          - >-
            A parameter that a command names as C({{ name }}) becomes part of the command's text before a shell reads
            it. So it has to be limited by O(documents[].parameters[].allowed_values) or
            O(documents[].parameters[].allowed_pattern), or the task fails. A pattern that lets characters through which
            mean something to a shell gets a warning.
        type: list
        elements: dict
        suboptions:
          name:
            description: The name, letters and digits.
            type: str
            required: true
          type:
            description: Whether it is one text or a list of them.
            type: str
            choices: [String, StringList]
            default: String
          description:
            description: What it is for.
            type: str
          default:
            description: Its value where people give none. Without a default, they have to give one.
            type: raw
          allowed_values:
            description: The only values that it takes.
            type: list
            elements: str
          allowed_pattern:
            description:
              - A regular expression for what it takes. AWS takes a value as soon as a part of it matches, so C([a-z]+)
                would let C(x; rm -rf /) through.
              - So it has to begin with C(^) and end with C($), in each of its alternatives, as in C(^(one|two)$).
            type: str
          min_chars:
            description: The fewest characters.
            type: int
          max_chars:
            description: The most characters.
            type: int
          min_items:
            description: The fewest entries of a list.
            type: int
          max_items:
            description: The most entries of a list.
            type: int
          interpolation_type:
            description:
              - >-
                With V(ENV_VAR) the agent hands the value over in the environment variable C(SSM_name) too. A command
                that reads C("$SSM_name"), in quotes and instead of C({{ name }}), cannot be subverted by it.
              - AWS documents it since version 3.3.2746.0 of the agent. With an older one the variable is empty, so try
                it out before others depend on it.
            type: str
            choices: [ENV_VAR]
      inputs:
        description:
          - The preferences of sessions with this document, by the options of M(keyless.aws.session_preferences). Each
            one that is left out stays as it is. A new document of type V(standard_stream) begins as the console begins
            the preferences, and other types begin without.
          - The preferences of the account do not hold for sessions with a V(standard_stream) document, so turn
            Run As on here too. A warning says it where it is off.
        type: dict
        suboptions:
          run_as_enabled:
            description: Whether a session on Linux or macOS runs as the OS user of the tag C(SSMSessionRunAs).
            type: bool
          run_as_default_user:
            description: The OS user of those without the tag. V('') lets nobody in without it.
            type: str
          idle_session_timeout:
            description: After how many minutes without input a session ends, V(1) to V(60).
            type: int
          max_session_duration:
            description: After how many minutes a session ends, V(1) to V(1440), or V(0) for no limit.
            type: int
          s3_bucket_name:
            description: Name of the S3 bucket for session logs. V('') clears.
            type: str
          s3_key_prefix:
            description: Prefix of the logs' keys in the bucket. V('') clears.
            type: str
          s3_encryption_enabled:
            description: Whether the bucket has to be encrypted.
            type: bool
          cloud_watch_log_group_name:
            description: Name of the CloudWatch Logs log group for session logs. V('') clears.
            type: str
          cloud_watch_encryption_enabled:
            description: Whether the log group has to be encrypted with a KMS key.
            type: bool
          cloud_watch_streaming_enabled:
            description: Whether logs are sent during the session, and not only at its end.
            type: bool
          kms_key_id:
            description: The KMS key that encrypts what is sent in a session, by id, ARN or alias. V('') clears.
            type: str
          shell_profile:
            description: What runs at the start of a session.
            type: dict
            suboptions:
              linux:
                description: Commands for Linux and macOS. V('') clears.
                type: str
              windows:
                description: Commands for Windows. V('') clears.
                type: str
      content:
        description:
          - The whole document by AWS's own names, for what the other options do not cover. It replaces what is there,
            and excludes the options that compose a document.
          - The same rules hold for it.
        type: dict
      tags:
        description:
          - The document's tags. When left out they are not even read. A document that this module makes gets the tag
            C(keyless:managed) besides, which needs the right C(ssm:AddTagsToResource).
        type: dict
"""
