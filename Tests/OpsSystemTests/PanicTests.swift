import CLinux
import Testing

/// How often the call below has panicked; nobody else counts here.
nonisolated(unsafe) private var panics = 0

@Suite("A library that panics") struct PanicTests {
    @Test("is called again until it returns")
    func insists() {
        let told = opslab_linux_insist(
            { _ in
                guard panics < 3 else { return 0 }
                panics += 1
                opslab_linux_panic(nil, "daemon.c", 1, "not this time")
                return 0
            },
            nil
        )
        #expect(told == 3)
        #expect(panics == 3)
    }
}
