import { describe, expect, it } from '@jest/globals';
import { readAddress } from './room-address.js';

const ID = '0b9e1c56-1d3b-4a53-9f0e-0d4f4a1f6f6a';

describe('an address', () => {
  it.each([
    `https://tank.example/rooms/${ID}`,
    `https://tank.example/rooms/${ID.toUpperCase()}/`,
    `https://tank.example/rooms/${ID}?work=members#x`,
    `https://tank.example/rooms/${ID}/direct/42`,
  ])('as the browser shows it leads to a room: %s', (text) => {
    const address = readAddress(text);
    expect(address).toMatchObject({ kind: 'room', roomId: ID });
    expect(address?.server.href).toBe('https://tank.example/');
  });

  it('of an invitation is known as such', () => {
    expect(readAddress('http://localhost:3000/join/AbC_-9')).toMatchObject({ kind: 'invitation', token: 'AbC_-9' });
  });

  it.each([
    '',
    'tank.example',
    'https://tank.example/',
    `ftp://tank.example/rooms/${ID}`,
    'https://tank.example/rooms/7',
  ])('that leads nowhere is refused: %j', (text) => expect(readAddress(text)).toBeNull());
});
