import { type Scene } from '../../arena/page/Painter.ts'
import { type Arena } from '../../arena/server/Arena.ts'
import { pictureOf } from '../../arena/shared/picture.ts'

/** The field as the server has it now. */
export function serverScene({ world }: Arena, now: number, isCalm: boolean): Scene {
  return { ...pictureOf(world), effects: [], me: undefined, now, isCalm }
}
