// what travels in the first byte; enums are project wide, the client uses this one too
export const LOBBY = {
  // client -> server
  JOIN: 1, // string name
  READY: 2, // u8 ready
  LOADED: 3, // u64 seed, u8 loaded
  HIT: 4, // u8 socket of the target
  // server -> client
  WELCOME: 20, // u8 your socket, string title
  ROSTER: 21, // u8 count, count * (u8 socket, string name, u8 ready)
  START: 22, // u64 seed, string json
  GO: 23, // -
  SCORE: 24, // u8 shooter, u8 target, u16 points of the shooter
  RESULTS: 25, // u8 count, count * string, best first
}
