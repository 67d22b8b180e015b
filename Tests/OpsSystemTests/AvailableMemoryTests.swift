import Testing

@testable import OpsSystem

@Suite("What the machine can still give")
struct AvailableMemoryTests {
    @Test("the kernel's estimate, in bytes")
    func parse() {
        let text =
            "MemTotal:       24683252 kB\nMemFree:        23000000 kB\nMemAvailable:   24126208 kB\nBuffers: 1 kB\n"
        #expect(AvailableMemory.parse(text) == 24_126_208 << 10)
        #expect(AvailableMemory.parse("MemTotal:       24683252 kB\n") == nil)
        #expect(AvailableMemory.parse("MemAvailable:   much\n") == nil)
    }

    @Test("this machine says so")
    func live() throws { #expect(try #require(AvailableMemory.read()) > 0) }
}
