import Testing

@testable import ControlPlane

@Suite struct CPUNoiseTests {
    @Test func itsProcessUsesUpItsShareAndEnds() async throws {
        let began = ContinuousClock.now
        try await CPUNoise().act()
        // Three seconds of processor time take three seconds at least, and nobody has ended it.
        #expect(began.duration(to: .now) >= .seconds(2))
    }

    @Test func itEndsWithItsTask() async {
        let noise = Task { try await CPUNoise().act() }
        noise.cancel()
        // It was ended, and has not used up its time.
        await #expect(throws: CancellationError.self) { try await noise.value }
    }
}
