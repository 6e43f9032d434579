// The face bitecs-networking/recording: what the network did to a world, written down and played again.

export {
  inspectRecording,
  type RecordedSecond,
  type RecordedSocket,
  type RecordingSummary,
} from './recording/inspectRecording.ts'
export { type Difference } from './recording/Difference.ts'
export { type RecordedMessage, type Redact } from './recording/Redaction.ts'
export { RecordingError } from './recording/RecordingError.ts'
export { type RecordingSink } from './recording/RecordingSink.ts'
export { type Recording, type RecordingOptions, recordNetwork } from './recording/recordNetwork.ts'
export { type Replay, replayNetwork, type ReplayOptions } from './recording/replayNetwork.ts'
