// The face bitecs-networking/traffic: observers of what a world receives and sends.

export { observeTraffic } from './api/observeTraffic.ts'
export { type MessageForm } from './protocol/messageToSend.ts'
export { type SentMessage, type TrafficObserver } from './traffic/TrafficObserver.ts'
