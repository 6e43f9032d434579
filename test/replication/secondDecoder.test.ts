// A decoder that was written from the page alone reads the same out of sessions.

import * as assert from 'uvu/assert'
import { netIdOf } from '../../src/replication/netId.ts'
import { targetAt, targetCount } from '../../src/replication/relationText.ts'
import { type Schema } from '../../src/replication/Schema.ts'
import { rowSeed } from '../lib/row.ts'
import { spec } from '../spec.ts'
import { type ClientModel } from './ClientModel.ts'
import { type Held, SecondDecoder } from './SecondDecoder.ts'
import { type Values } from './ServerModel.ts'
import { drawScript, Session } from './Session.ts'

/** All entities of the second decoder, for comparison. */
function secondText({ entities }: SecondDecoder): string {
  return sorted(
    [...entities].map(([slot, { generation, isOwned, components }]) => [
      netIdOf(slot, generation),
      isOwned,
      [...components].sort(([a], [b]) => a - b),
    ]),
  )
}

function firstText({ entities, schema }: ClientModel): string {
  return sorted(
    [...entities.values()].map(({ netId, isOwned, components }) => [
      netId,
      isOwned,
      [...components]
        .sort(([a], [b]) => a - b)
        .map(([index, values]) => [index, held(schema, index, values)]),
    ]),
  )
}

/** Values as the second decoder has them. */
function held({ components }: Schema, index: number, values: Values): Held[] {
  const { isRelation } = components[index]!
  return values.map((value) => {
    if (typeof value !== 'string') return value.length === 1 ? value[0]! : value
    if (!isRelation) return value
    return Array.from({ length: targetCount(value) }, (_, at) => targetAt(value, at))
  })
}

function sorted(entities: [number, boolean, unknown][]): string {
  return JSON.stringify(entities.sort(([a], [b]) => a - b))
}

spec(`replication :: the second decoder, SEED=${rowSeed}`, (it) => {
  it('reads the same', () => {
    let compared = 0
    for (let seed = rowSeed; seed < rowSeed + 30; seed++) {
      const { ticks } = drawScript(seed)
      const session = new Session(seed)
      const seconds = new Map<ClientModel, SecondDecoder>()
      session.onTaken = (model, bytes) => {
        let second = seconds.get(model)
        if (second === undefined)
          seconds.set(model, (second = new SecondDecoder(model.schema.text)))
        second.take(bytes)
        compared++
        const [first, other] = [firstText(model), secondText(second)]
        if (first !== other) assert.is(other, first, `SEED=${seed}`)
        assert.is(second.isComplete, model.isComplete)
      }
      // A connection that begins again would need a decoder that drops what is not confirmed.
      for (const steps of ticks) session.tick(steps.filter(({ kind }) => kind !== 'return'))
      session.settle()
    }
    assert.ok(compared > 1_000)
  })
})
