// The face bitecs-networking/traffic: observers of what a world receives and sends.

export { observeTraffic } from './api/observeTraffic.ts'
export {
  type MessageForm,
  type SentMessage,
  type TrafficObserver,
} from './traffic/TrafficObserver.ts'
