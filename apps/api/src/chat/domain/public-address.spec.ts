import { isPublicAddress } from './public-address.js';

describe('a public address', () => {
  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '100.63.255.255',
    '100.128.0.1',
    '172.15.0.1',
    '172.32.0.1',
    '192.167.1.1',
    '223.255.255.255',
  ])('is %s', (address) => expect(isPublicAddress(address)).toBe(true));

  it.each(['2606:4700:4700::1111', '2a00:1450:4001:80b::200e', '2001:4860:4860::8888'])('is %s', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    ['this machine', '127.0.0.1'],
    ['this machine', '127.255.255.254'],
    ['this machine', '::1'],
    ['no address', '0.0.0.0'],
    ['no address', '0.1.2.3'],
    ['no address', '::'],
    ['a private network', '10.0.0.1'],
    ['a private network', '172.16.0.1'],
    ['a private network', '172.31.255.255'],
    ['a private network', '192.168.1.1'],
    ['a private network', 'fc00::1'],
    ['a private network', 'fd12:3456:789a::1'],
    ['a carrier’s network', '100.64.0.1'],
    ['a carrier’s network', '100.127.255.255'],
    ['the link', '169.254.1.1'],
    ['the link', 'fe80::1'],
    ['the link', 'fe80::1%eth0'],
    ['a site', 'fec0::1'],
    ['metadata of a cloud', '169.254.169.254'],
    ['metadata of a cloud', '100.100.100.200'],
    ['metadata of a cloud', '192.0.0.192'],
    ['metadata of a cloud', '168.63.129.16'],
    ['metadata of a cloud', 'fd00:ec2::254'],
    ['many at once', '224.0.0.1'],
    ['many at once', '239.255.255.255'],
    ['many at once', 'ff02::1'],
    ['everybody', '255.255.255.255'],
    ['kept for later', '240.0.0.1'],
    ['documentation', '192.0.2.1'],
    ['documentation', '198.51.100.1'],
    ['documentation', '203.0.113.1'],
    ['documentation', '2001:db8::1'],
    ['benchmarks', '198.18.0.1'],
    ['IPv4 in IPv6', '::ffff:127.0.0.1'],
    ['IPv4 in IPv6', '::ffff:8.8.8.8'],
    ['IPv4 in IPv6', '::127.0.0.1'],
    ['IPv4 in IPv6', '64:ff9b::7f00:1'],
    ['IPv4 in IPv6', '2002:7f00:1::'],
    ['IPv4 in IPv6', '2001:0:7f00:1::'],
    ['no address', 'localhost'],
    ['no address', '127.1'],
    ['no address', ''],
  ])('is not %s: %s', (_, address) => expect(isPublicAddress(address)).toBe(false));
});
