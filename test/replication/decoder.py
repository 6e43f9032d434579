"""Reads what a recorded client received of replication (docs/replication-protocol.md, version 1) and prints, as JSON, what it has
in the end. Written from that page alone; of recordings it uses the reader that was written from theirs.

    python3 decoder.py RECORDING SCHEMA MODE

SCHEMA is a file with the schema as text. MODE is `packets` or `raw`: whether messages stand in packets (docs/protocol.md) or alone.
"""
import json
import math
import os
import struct
import sys
from collections import Counter

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'recording'))
from reader import lines  # noqa: E402

MAGIC, VERSION = b'beR', 1
HELLO, WELCOME, REFUSED, SNAPSHOT, ACK, CHALLENGE, BYE = range(1, 8)
MESSAGE_MAX, SLOT_BITS, REPLICAS_MAX, TARGETS_MAX, TEXT_MAX = 262_144, 20, 65_536, 8, 4_096
COMPONENTS_MAX, FIELDS_MAX, MALFORMED_MAX = 64, 32, 8


class Malformed(Exception):
    """A message that is wrong by itself, or a difference to what is not held."""


def check(condition, why):
    if not condition:
        raise Malformed(why)


# Bits


class Bits:
    """Each byte from its lowest bit, a number from its lowest."""

    def __init__(self, content):
        self.bits, self.left = int.from_bytes(content, 'little'), 8 * len(content)

    def take(self, count):
        check(count <= self.left, 'bits are missing')
        value = self.bits & (1 << count) - 1
        self.bits >>= count
        self.left -= count
        return value

    def flag(self):
        return self.take(1) == 1

    def mark(self):
        """How many ones, up to three, stand before a zero."""
        ones = 0
        while ones < 3 and self.flag():
            ones += 1
        return ones

    def vu(self):
        mark = self.mark()
        value = self.take((4, 8, 16, 32)[mark]) + (0, 16, 272, 0)[mark]
        check(mark < 3 or value >= 65_808, 'a vu has a shorter form')
        return value

    def net_id(self):
        slot, generation = self.vu(), self.take(12)
        check(slot < 1 << SLOT_BITS, 'a slot is too large')
        check(slot > 0 or generation == 0, 'no entity has a generation')
        return generation << SLOT_BITS | slot

    def end(self):
        check(self.left < 8 and self.bits == 0, 'there is more behind the end')


def zigzag_back(z):
    return -(z + 1 >> 1) if z & 1 else z >> 1


def read_class(bits, width):
    """A number z, or the whole value: returns one of both."""
    mark = bits.mark()
    if mark == 3:
        return None, bits.take(width)
    return bits.take((4, 7, 10)[mark]) + (0, 16, 144)[mark], None


def whole_has_shorter_form(z):
    return z < 1_168


def zigzag(d):
    return 2 * d if d >= 0 else -2 * d - 1


# Types: whole() and difference() return what a value is kept as, show() what a game has.


class Type:
    def difference(self, bits, base):
        return self.whole(bits)

    def show(self, kept, known):
        return kept


class Bool(Type):
    def whole(self, bits):
        return bits.take(1)

    def difference(self, bits, base):
        return 1 - base

    def show(self, kept, known):
        return kept == 1


class Unsigned(Type):
    """u8 and bits(n)."""

    def __init__(self, width):
        self.width = width

    def whole(self, bits):
        return bits.take(self.width)


class I8(Type):
    def whole(self, bits):
        value = bits.take(8)
        return value - 256 if value > 127 else value


class Classed(Type):
    """Integers from least to most, whose difference is in a class code."""

    def __init__(self, width, least, most, modulus=None):
        self.width, self.least, self.most, self.modulus = width, least, most, modulus

    def of_whole(self, raw):
        value = raw - (1 << self.width) if self.least < 0 and raw >> self.width - 1 else raw
        check(self.least <= value <= self.most, 'a value is above its limit')
        return value

    def whole(self, bits):
        return self.of_whole(bits.take(self.width))

    def difference(self, bits, base):
        z, raw = read_class(bits, self.width)
        if z is None:
            value = self.of_whole(raw)
            d = value - base
            if self.modulus:
                d = (d + self.modulus // 2) % self.modulus - self.modulus // 2
            check(not whole_has_shorter_form(zigzag(d) - 1), 'a difference has a shorter form')
            return value
        d = zigzag_back(z + 1)
        value = base + d
        if self.modulus:
            check(-self.modulus // 2 <= d < self.modulus // 2, 'a difference is not the shortest way')
            value = (value - self.least) % self.modulus + self.least
        check(self.least <= value <= self.most, 'a difference leads out of the limits')
        return value


class Range(Classed):
    def __init__(self, low, high, step):
        self.low, self.high, self.step = low, high, step
        most = math.floor((high - low) / step + 0.5)
        super().__init__(most.bit_length(), 0, most)

    def show(self, kept, known):
        return min(self.low + kept * self.step, self.high)


class Angle(Classed):
    def __init__(self, width):
        super().__init__(width, 0, (1 << width) - 1, 1 << width)

    def show(self, kept, known):
        return kept / (1 << self.width) * 2 * math.pi


class OneOf(Type):
    def __init__(self, *names):
        self.names, self.width = names, (len(names) - 1).bit_length()

    def whole(self, bits):
        value = bits.take(self.width)
        check(value < len(self.names), 'a place is not in the list')
        return value

    def show(self, kept, known):
        return self.names[kept]


class Float(Type):
    def __init__(self, width):
        self.width, self.form = width, '<f' if width == 32 else '<d'

    def whole(self, bits):
        return bits.take(self.width)

    def show(self, kept, known):
        value, = struct.unpack(self.form, kept.to_bytes(self.width // 8, 'little'))
        return value if math.isfinite(value) else str(value)


class Quaternion(Type):
    def __init__(self, width):
        self.width, self.most = width, (1 << width) - 2

    def limited(self, value):
        check(0 <= value <= self.most, 'a part of a quaternion is out of its limits')
        return value

    def whole(self, bits):
        return (bits.take(2), *[self.limited(bits.take(self.width)) for _ in range(3)])

    def difference(self, bits, base):
        if not bits.flag():
            kept = self.whole(bits)
            check(kept[0] != base[0], 'the largest part is the same one')
            return kept
        parts = []
        for before in base[1:]:
            z, raw = read_class(bits, self.width)
            if z is None:
                check(not whole_has_shorter_form(zigzag(raw - before)), 'a part has a shorter form')
            parts.append(self.limited(raw if z is None else before + zigzag_back(z)))
        return (base[0], *parts)

    def show(self, kept, known):
        largest, *parts = kept
        values = [(2 * part / self.most - 1) * math.sqrt(0.5) for part in parts]
        values.insert(largest, math.sqrt(max(0, 1 - sum(value * value for value in values))))
        return values


class Text(Type):
    def __init__(self, most):
        self.most, self.width = most, most.bit_length()

    def whole(self, bits):
        size = bits.take(self.width)
        check(size <= self.most, 'a text is too long')
        try:
            return bytes(bits.take(8) for _ in range(size)).decode()
        except UnicodeDecodeError:
            raise Malformed('a text is not UTF-8')


class Ref(Type):
    def whole(self, bits):
        return bits.net_id()

    def show(self, kept, known):
        return kept if kept in known else 0


class Relation(Type):
    def whole(self, bits):
        count = bits.vu()
        check(count <= TARGETS_MAX, 'too many targets')
        targets = [bits.net_id() for _ in range(count)]
        check(all(low < high for low, high in zip([0, *targets], targets)), 'targets are not ascending')
        return targets

    def show(self, kept, known):
        return [target for target in kept if target in known]


INTEGERS = {'u8': Unsigned(8), 'i8': I8()}
for size in 16, 32:
    wraps = 1 << 32 if size == 32 else None
    INTEGERS[f'u{size}'] = Classed(size, 0, (1 << size) - 1, wraps)
    INTEGERS[f'i{size}'] = Classed(size, -(1 << size - 1), (1 << size - 1) - 1, wraps)
TYPES = {'bool': Bool(), **INTEGERS, 'f32': Float(32), 'f64': Float(64), 'ref': Ref(), 'relation': Relation()}
MADE = {'bits': Unsigned, 'range': Range, 'angle': Angle, 'quaternion': Quaternion, 'text': Text}


# The schema


class SchemaReader:
    """One line."""

    def __init__(self, line):
        self.line, self.at = line, 0

    def name(self):
        if self.line.startswith('"', self.at):
            value, self.at = json.JSONDecoder().raw_decode(self.line, self.at)
            return value
        begin = self.at
        while self.at < len(self.line) and (self.line[self.at].isalnum() or self.line[self.at] in '_$.-+'):
            self.at += 1
        return self.line[begin:self.at]

    def has(self, mark):
        found = self.line.startswith(mark, self.at)
        self.at += found
        return found

    def type(self):
        kind = self.name()
        if not self.has('('):
            return TYPES[kind]
        settings = [self.name()]
        while self.has(','):
            settings.append(self.name())
        assert self.has(')'), self.line
        if kind == 'oneOf':
            return OneOf(*settings)
        return MADE[kind](*[float(each) if kind == 'range' else int(each) for each in settings])

    def component(self):
        name, fields = self.name(), []
        while self.has(' '):
            word = self.name()
            if self.has(':'):
                fields.append((word, self.type()))
            else:
                assert word in ('owner', 'others', 'interpolate', 'step'), self.line
        assert self.at == len(self.line) and len(fields) <= FIELDS_MAX, self.line
        return name, fields


def read_schema(text):
    components = [SchemaReader(line).component() for line in text.split('\n')]
    assert len(components) <= COMPONENTS_MAX
    return components


def hash_of(text):
    value = 0xcbf29ce484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001b3 & (1 << 64) - 1
    return value


assert hash_of('foobar') == 0x85944171f73967e8


# Snapshots


class Chunk:
    def __init__(self, tick, generation, owned, values):
        self.tick, self.generation, self.owned, self.values = tick, generation, owned, values


class Link:
    """What a client holds: of each slot the chunks, newest last, and None in place of one when it has gone."""

    def __init__(self, schema, welcome):
        self.schema, self.history = schema, welcome['history']
        self.slots, self.numbers, self.newest = {}, set(), None
        self.newest_tick, self.named = 0, set()
        self.malformed_in_a_row = 0

    def held(self, slot, tick):
        """The newest chunk of a slot, of a tick or before."""
        return next((chunk for at, chunk in reversed(self.slots.get(slot, [])) if at <= tick), None)

    def ahead(self, number):
        """Of the newest one."""
        return 1 if self.newest is None else (number - self.newest + 0x8000) % 0x10000 - 0x8000

    def is_new(self, number):
        return self.ahead(number) > -33 and number not in self.numbers

    def note(self, number):
        if self.ahead(number) > 0:
            self.newest = number
        self.numbers = {each for each in self.numbers | {number} if (self.newest - each) % 0x10000 <= 32}

    def take(self, message, count):
        """A snapshot behind its envelope. Returns `None` if it has no effect."""
        check(len(message) >= 10, 'a snapshot is too short')
        number, ack, held_ms, tick = struct.unpack('<HHHI', message[:10])
        check(tick > 0, 'the tick is 0')
        if not self.is_new(number) or tick <= self.newest_tick - self.history:
            return None
        complete, gone, chunks = self.read(Bits(message[10:]), tick, count)
        coming = {slot for slot, _ in chunks if self.of(slot) is None}
        check(len(coming) + sum(self.of(slot) is not None for slot in self.slots) <= REPLICAS_MAX, 'too many replicas')
        self.note(number)
        count['gone'] += len(gone)
        for net_id in gone:
            slot = net_id & (1 << SLOT_BITS) - 1
            self.keep(slot, tick, None)
            self.named.add(slot)
        for slot, chunk in chunks:
            self.keep(slot, tick, chunk)
            self.named.add(slot)
        self.newest_tick = max(self.newest_tick, tick)
        return number, ack, tick, complete

    def keep(self, slot, tick, chunk):
        chunks = sorted([*self.slots.get(slot, []), (tick, chunk)], key=lambda each: each[0])
        old = [each for each in chunks if each[0] <= self.newest_tick - self.history]
        self.slots[slot] = [*old[-1:], *chunks[len(old):]]

    def of(self, slot):
        """The newest chunk of a slot, or `None`."""
        return self.slots[slot][-1][1] if slot in self.slots else None

    def read(self, bits, tick, count):
        complete, age = bits.flag(), bits.vu()
        check(age < tick, 'the baseline is not above 0')
        gone = [bits.net_id() for _ in range(bits.vu())]
        check(all(gone), 'a gone entity is none')
        chunks, slot = [], 0
        while (form := bits.take(2)) != 3:
            slot += bits.vu() + (1 if chunks else 0)
            check(0 < slot < 1 << SLOT_BITS, 'a slot is out of its limits')
            count[f'form {form}'] += 1
            if form == 2:
                chunks.append((slot, self.read_whole(bits, tick)))
                continue
            own_age = bits.vu() if form == 1 else age
            check(0 < own_age < tick, 'there is no baseline')
            base = self.held(slot, tick - own_age)
            check(base is not None, f'slot {slot} is not held at tick {tick - own_age}')
            chunks.append((slot, self.read_difference(bits, tick, base)))
        bits.end()
        check(not {net_id & (1 << SLOT_BITS) - 1 for net_id in gone} & {slot for slot, _ in chunks}, 'a slot has gone and a chunk')
        return complete, gone, chunks

    def mask(self, bits):
        return [bits.flag() for _ in self.schema]

    def read_whole(self, bits, tick):
        generation, owned = bits.take(12), bits.flag()
        if bits.flag():
            bits.take(32)
        mask = self.mask(bits)
        values = [
            [kind.whole(bits) for _, kind in fields] if is_set else None
            for is_set, (_, fields) in zip(mask, self.schema)
        ]
        return Chunk(tick, generation, owned, values)

    def read_difference(self, bits, tick, base):
        owned, mask = base.owned, [values is not None for values in base.values]
        if bits.flag():
            owned, mask = bits.flag(), self.mask(bits)
        values = []
        for is_set, before, (_, fields) in zip(mask, base.values, self.schema):
            if not is_set:
                values.append(None)
            elif before is None:
                values.append([kind.whole(bits) for _, kind in fields])
            elif not fields or not bits.flag():
                values.append(before)
            else:
                changed = [len(fields) == 1 or bits.flag() for _ in fields]
                values.append([
                    kind.difference(bits, value) if has_changed else value
                    for has_changed, value, (_, kind) in zip(changed, before, fields)
                ])
        return Chunk(tick, base.generation, owned, values)


# A client


class Client:
    """What a client has, over all of its connections."""

    def __init__(self, text):
        self.schema, self.hash = read_schema(text), hash_of(text)
        self.count, self.replicas, self.epoch, self.link = Counter(), {}, 0, None
        self.taken, self.last_ack = [], 0

    def begin(self):
        """A connection is made."""
        self.link, self.taken, self.last_ack = None, [], 0

    def received(self, message):
        if message[:3] != MAGIC or len(message) < 4 or message[3] > 15:
            self.count['other messages'] += 1
            return
        check(len(message) <= MESSAGE_MAX, 'a message is too long')
        check(len(message) >= 5 and message[3] == VERSION, 'an envelope is wrong')
        kind, body = message[4], message[5:]
        if kind == WELCOME:
            self.welcome(body)
        elif kind == SNAPSHOT and self.link:
            self.count['snapshots'] += 1
            try:
                self.snapshot(body)
                self.link.malformed_in_a_row = 0
            except Malformed as malformed:
                print(f'malformed: {malformed}', file=sys.stderr)
                self.count['malformed'] += 1
                self.link.malformed_in_a_row += 1
                check(self.link.malformed_in_a_row < MALFORMED_MAX, 'too much was malformed')
        else:
            self.count[f'received kind {kind}'] += 1

    def welcome(self, body):
        check(len(body) == 37, 'a welcome has another size')
        schema, epoch, tick, tick_us, history = struct.unpack('<QIIIB', body[:21])
        check(schema == self.hash, 'the schema is another one')
        check(epoch > 0 and tick_us > 0 and 2 <= history <= 32, 'a welcome is wrong')
        self.count['welcomes'] += 1
        if epoch != self.epoch:
            self.replicas = {}
        self.epoch = epoch
        self.link = Link(self.schema, {'history': history})
        self.was_complete = False

    def snapshot(self, body):
        link = self.link
        taken = link.take(body, self.count)
        if taken is None:
            self.count['without effect'] += 1
            return
        number, ack, _, complete = taken
        check(ack <= self.last_ack, 'the server has an ack that was not sent')
        self.taken.append(number)
        for slot in link.named:
            chunk = link.of(slot)
            if chunk is None:
                self.replicas.pop(slot, None)
            else:
                self.replicas[slot] = chunk
        if complete and not self.was_complete:
            self.was_complete = True
            self.replicas = {slot: chunk for slot, chunk in self.replicas.items() if slot in link.named}
        self.count['complete'] += complete

    def sent(self, message):
        if message[:5] == MAGIC + bytes([VERSION, HELLO]):
            schema, epoch, size = struct.unpack('<QIB', message[5:18])
            check(schema == self.hash, 'a hello names another schema')
            check(len(message) == 18 + size and size in (0, 16), 'a hello has another size')
            self.count['hellos for an epoch' if epoch else 'hellos'] += 1
            check(epoch == self.epoch, 'a hello names another epoch')
        elif message[:5] == MAGIC + bytes([VERSION, ACK]):
            check(len(message) == 15, 'an ack has another size')
            number, newest, mask, _ = struct.unpack('<HHIH', message[5:])
            named = {newest} | {newest - 1 - bit & 0xffff for bit in range(32) if mask >> bit & 1}
            # What has arrived is taken in the next tick.
            taken = self.taken[:self.taken.index(newest) + 1] if newest in self.taken else []
            check(named == set(taken[-33:]) & {newest - back & 0xffff for back in range(33)},
                  'an ack names other snapshots than were taken')
            self.last_ack = number
            self.count['acks'] += 1

    def state(self):
        """What a game would have, by net id. A reference to an entity that the client does not have is none, and a
        relation without targets is not there."""
        shown = {}
        known = {chunk.generation << SLOT_BITS | slot for slot, chunk in self.replicas.items()}
        for slot, chunk in sorted(self.replicas.items()):
            components = {
                name: {field: kind.show(value, known) for (field, kind), value in zip(fields, values)}
                for values, (name, fields) in zip(chunk.values, self.schema) if values is not None
            }
            components = {name: values for name, values in components.items() if list(values.values()) != [[]]}
            shown[str(chunk.generation << SLOT_BITS | slot)] = {'owned': chunk.owned, 'components': components}
        return shown


# Packets of a recording


class Packets:
    """The payloads of one direction: behind the bytes of the handshake, packets with a header of 12 bytes."""

    def __init__(self, handshake):
        self.handshake, self.bytes = handshake, b''

    def add(self, content):
        self.bytes += content
        if self.handshake:
            if len(self.bytes) < self.handshake:
                return
            self.bytes, self.handshake = self.bytes[self.handshake:], 0
        while len(self.bytes) >= 12:
            mark, header, size = struct.unpack('<III', self.bytes[:12])
            check(mark == 0xdeadc0de and header == 12, 'a packet is wrong')
            if len(self.bytes) < 12 + size:
                return
            yield self.bytes[12:12 + size]
            self.bytes = self.bytes[12 + size:]


def framed(content):
    """The payloads of the frames in an entry `receivedFrames`."""
    at = 0
    while at < len(content):
        masked, size = content[at + 1] >> 7, content[at + 1] & 127
        at += 2
        if size > 125:
            more = 2 if size == 126 else 8
            size, at = int.from_bytes(content[at:at + more], 'big'), at + more
        at += 4 * masked
        yield content[at:at + size]
        at += size


def inputs(entries):
    """Entries with the bytes of a stream or of one message each. Frames that the program did not take come again as messages."""
    waiting, of = [], None
    for name, _, fields in entries:
        content = bytes.fromhex(fields.get('bytes', ''))
        if waiting and not (name == 'received' and fields['id'] == of and content == waiting[0]):
            for each in waiting:
                yield 'received', of, each, ()
        waiting = []
        if name == 'receivedFrames':
            waiting, of = list(framed(content)), fields['id']
        else:
            yield name, fields.get('id'), content, fields.get('ends')
    for each in waiting:
        yield 'received', of, each, ()


def main():
    path, schema, mode = sys.argv[1:]
    with open(schema, encoding='utf-8') as file:
        client = Client(file.read())
    received, sent = {}, {}
    with open(path, 'rb') as file:
        for name, of, content, ends in inputs(line for line in lines(file) if isinstance(line, list)):
            if name == 'opened':
                received[of], sent[of] = Packets(18 + 12), Packets(16)
                client.begin()
            elif name in ('received', 'write'):
                packets, take = (received, client.received) if name == 'received' else (sent, client.sent)
                begins = [0, *ends[:-1]] if ends else [0]
                messages = [content[begin:end] for begin, end in zip(begins, ends or [len(content)])]
                for message in messages if mode == 'raw' else packets[of].add(content):
                    take(message)
    print(json.dumps({'count': client.count, 'state': client.state()}))


if __name__ == '__main__':
    main()
