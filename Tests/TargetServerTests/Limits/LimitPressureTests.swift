import Testing

@testable import TargetServer

@Suite("Whether a process is short of something")
struct LimitPressureTests {
    @Test("It is from 95 % on, and stays so until it is back under 90 %")
    func marks() {
        var pressure = LimitPressure(limit: 1_000)
        let readings: [(amount: UInt64, isNew: Bool, isShort: Bool)] = [
            (100, false, false), (949, false, false), (950, true, true), (999, false, true), (2_000, false, true),
            (940, false, true), (900, false, true), (899, true, false), (940, false, false), (960, true, true),
        ]
        for reading in readings {
            #expect(pressure.read(reading.amount) == reading.isNew, "\(reading)")
            #expect(pressure.isShort == reading.isShort, "\(reading)")
        }
    }

    @Test("The marks of a small limit are not rounded away")
    func smallLimit() {
        var pressure = LimitPressure(limit: 256)
        #expect(pressure.high == 243)
        #expect(!pressure.read(242) && pressure.read(243) && !pressure.read(230) && pressure.read(229))
    }
}
