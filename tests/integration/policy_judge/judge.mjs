// Copyright (c) 2026 keyless.aws contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Each line of stdin is a JSON list of questions, and is answered by a line with the list of their answers. The evaluator
// is a package of somebody else, found in the folder that is given as the first argument; it shares no code with ours,
// which is the point.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const { runSimulation, runUnsafeSimulation } = createRequire(join(process.argv[2], 'package.json'))(
  '@cloud-copilot/iam-simulate'
)

async function answer(question) {
  const simulation = {
    request: {
      principal: question.principal,
      action: question.action,
      resource: { resource: question.resource, accountId: question.account },
      contextVariables: question.context
    },
    identityPolicies: question.policies.map((policy, index) => ({ name: `judged${index}`, policy })),
    serviceControlPolicies: [],
    resourceControlPolicies: []
  }
  if (question.trust) simulation.resourcePolicy = question.trust
  if (question.unchecked) {
    // For an action that the service's own list gives no resource, while AWS's guide scopes it by session.
    return { result: runUnsafeSimulation(simulation, {}), ignored: [] }
  }
  const { overallResult, errors, result, results } = await runSimulation(simulation, {})
  const judged = result ?? results?.[0]
  return { result: overallResult ?? 'error', ignored: judged?.ignoredContextKeys ?? [], errors }
}

for await (const line of createInterface({ input: process.stdin })) {
  const answers = []
  for (const question of JSON.parse(line)) answers.push(await answer(question))
  process.stdout.write(JSON.stringify(answers) + '\n')
}
