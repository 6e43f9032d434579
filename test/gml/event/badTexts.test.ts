import {
  async_load,
  buffer_read,
  buffer_string,
  ds_map_find_value,
  gml_on_networking,
  json_parse,
  network_type_data,
} from 'bitecs-networking/gml'
import * as assert from 'uvu/assert'
import { packet } from '../../lib/gameMaker.ts'
import { gmlSpec } from '../../lib/withGml.ts'

gmlSpec('texts that a handler cannot read', (it) => {
  it('a text that json_parse cannot read is reported, and the step does not throw', async (game) => {
    const { peer } = await game.joined()
    const read: unknown[] = []
    gml_on_networking(() => {
      if (ds_map_find_value(async_load, 'type') !== network_type_data) return
      read.push(json_parse(buffer_read(ds_map_find_value(async_load, 'buffer'), buffer_string)))
    })
    for (const text of ['{"a":', '['.repeat(200) + ']'.repeat(200), '{"a":1}'])
      peer.send(packet(Buffer.from(`${text}\0`).toString('hex')))
    await game.until(() => game.of(network_type_data).length === 3)
    assert.equal(read, [{ a: 1 }])
    assert.ok(game.warnings.some((warning) => warning.includes('json_parse: json must be JSON')))
  })
})
