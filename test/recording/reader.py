"""Prints a recording of bitecs-networking (docs/recording.md, "The format", version 1) as lines of JSON."""
import json
import math
import struct
import sys
import zlib

HEAD = b'bnrecord' + struct.pack('<I', 1)
CONTENT_MAX, INT_END = 1 << 30, 1 << 53
TEXTS_MAX = 65_536

# In the order of their codes: the name, then each field and its kind.
SCHEMA = [(name, [field.split(':') for field in fields]) for name, *fields in map(str.split, '''
time; tick; events arrivals:ints; tickEnd; timer timer:int; random value:float; lookUp host:text lookUp:int;
lookedUp lookUp:int error:signed addresses:texts; listen id:int type:int port:int host:text;
connect id:int type:int host:text port:int localPort:int;
accepted by:int id:int ip:text ports:ints abilities:int handshakeMs:float;
opened id:int ip:text ports:ints abilities:int; failed id:int error:signed; received id:int type:int bytes:bytes;
receivedFrames id:int count:int bytes:bytes; drained id:int; alive id:int; ended id:int reason:int;
listening id:int port:int; refuses id:int; rejected id:int; warned id:int message:text kind:text;
write id:int ends:ints types:ints bytes:sent; close id:int how:int; bind id:int port:int host:text;
datagram id:int ip:text port:int bytes:bytes; undelivered id:int error:signed;
send id:int ip:text port:int bytes:sent; result value:signed; value id:int of:int value:int; end ticks:int events:int
'''.split(';'))]


class Damage(Exception):
    """Why, and at which byte the damaged block or the missing rest begins."""


class Entries:
    """Reads entries. Texts and time go on from block to block, so there is one of these for a whole recording."""

    def __init__(self):
        self.known, self.time_us = [''], 0

    def block(self, content):
        self.content, self.at, self.last_sent = content, 0, ''
        while self.at < len(content):
            code = self.take(1)[0]
            if code & 127 >= len(SCHEMA):
                raise ValueError(f'no entry has the code {code & 127}')
            name, fields = SCHEMA[code & 127]
            if code < 128:
                self.time_us += self.int()
            time_us = self.time_us if code < 128 else None
            yield [name, time_us, {field: getattr(self, kind)() for field, kind in fields}]

    def take(self, count):
        if count > len(self.content) - self.at:
            raise ValueError('an entry crosses the end of its block')
        self.at += count
        return self.content[self.at - count:self.at]

    # The kinds of fields, by their names on the page.

    def int(self):
        value, shift, more = 0, 0, True
        while more:
            byte = self.take(1)[0]
            value |= (byte & 127) << shift
            if value >= INT_END:  # here, so that a long run of bytes is no huge number
                raise ValueError('an int is not below 2^53')
            shift, more = shift + 7, byte > 127
        return value

    def signed(self):
        value = self.int()
        return -(value + 1 >> 1) if value & 1 else value >> 1

    def float(self):
        value, = struct.unpack('<d', self.take(8))
        return value if math.isfinite(value) else str(value)  # JSON has only finite numbers

    def bytes(self):
        return self.take(self.int()).hex()

    def sent(self):
        size = self.int()
        if size > 0:
            self.last_sent = self.take(size - 1).hex()
        return self.last_sent

    def text(self):
        number = self.int()
        if number > len(self.known):
            raise ValueError(f'there is no text {number - 1}')
        if number > 0:
            return self.known[number - 1]
        text = self.take(self.int()).decode()
        # The page does not say whether the empty text is one of the 65,536: assume not, so that none is missing.
        if len(self.known) <= TEXTS_MAX:
            self.known.append(text)
        return text

    def ints(self):
        return [self.signed() for _ in range(self.int())]

    def texts(self):
        return [self.text() for _ in range(self.int())]


def blocks(file):
    """Yields where each block begins, its content, and where it ends."""
    if file.read(len(HEAD)) != HEAD:
        raise Damage('this is no recording of version 1', 0)
    begin = len(HEAD)
    while head := file.read(8):
        if len(head) < 8:
            raise Damage('the block is not whole', begin)
        length, crc = struct.unpack('<II', head)
        if length > CONTENT_MAX:  # before it is read: the checksum does not cover the length
            raise Damage(f'the block is too long: {length} bytes', begin)
        content = file.read(length)
        if len(content) < length:
            raise Damage('the block is not whole', begin)
        if zlib.crc32(content) != crc:
            raise Damage('the checksum is wrong', begin)
        yield begin, content, begin + 8 + length
        begin += 8 + length


def lines(file):
    """Yields what is to be printed, a block at a time: of a damaged block nothing is."""
    reader, end, last = Entries(), len(HEAD), None
    for begin, content, end in blocks(file):
        try:
            if begin == len(HEAD):
                values = [json.loads(content.decode())]
            else:
                values = list(reader.block(content))
                if last == 'end' or any(name == 'end' for name, *_ in values[:-1]):
                    raise ValueError('there is more behind the last entry')
                last = values[-1][0] if values else last
        except (ValueError, RecursionError) as error:  # also of UTF-8 and JSON
            raise Damage(str(error), begin)
        yield from values
    if last != 'end':
        raise Damage('the rest is missing', end)


def main():
    with open(sys.argv[1], 'rb') as file:
        try:
            for value in lines(file):
                print(json.dumps(value))
        except Damage as damage:
            sys.stdout.flush()
            print('damage at byte {1}: {0}'.format(*damage.args), file=sys.stderr)
            return 2
    return 0


if __name__ == '__main__':
    sys.exit(main())
