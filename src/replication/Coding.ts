/** How values are written, as a difference: the kinds of types that share a way. Numbers, because a switch on them is a jump. */
export const Coding = {
  /** Nothing: it is the other one. */
  flip: 0,
  /** The whole value. */
  plain: 1,
  /** The difference in a class code. */
  class: 2,
  /** The difference the shortest way around, in a class code. */
  angle: 3,
  double: 4,
  quaternion: 5,
  ref: 6,
  text: 7,
  relation: 8,
} as const
