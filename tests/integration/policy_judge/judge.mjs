// Copyright (c) 2026 keyless.aws contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Questions in on stdin, answers out on stdout, both JSON lists. The evaluator is a package of somebody else, found in
// the folder that is given as the first argument; it shares no code with ours, which is the point.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const { runSimulation, runUnsafeSimulation } = createRequire(join(process.argv[2], 'package.json'))(
  '@cloud-copilot/iam-simulate'
)
const questions = JSON.parse(readFileSync(0, 'utf8'))
const answers = []
for (const question of questions) {
  const simulation = {
    request: {
      principal: question.principal,
      action: question.action,
      resource: { resource: question.resource, accountId: question.account },
      contextVariables: question.context
    },
    identityPolicies: [{ name: 'judged', policy: question.policy }],
    serviceControlPolicies: [],
    resourceControlPolicies: []
  }
  if (question.unchecked) {
    // For an action that the service's own list gives no resource, while AWS's guide scopes it by session.
    answers.push({ result: runUnsafeSimulation(simulation, {}), ignored: [] })
    continue
  }
  const { overallResult, errors, result, results } = await runSimulation(simulation, {})
  const judged = result ?? results?.[0]
  answers.push({ result: overallResult ?? 'error', ignored: judged?.ignoredContextKeys ?? [], errors })
}
process.stdout.write(JSON.stringify(answers))
