import Testing

@testable import OpsRuntime

@Suite struct ContainerOutputTests {
    private func piece(_ text: String, stream: UInt8 = 1) -> [UInt8] {
        let count = text.utf8.count
        return [stream, 0, 0, 0, 0, 0, UInt8(count >> 8), UInt8(count & 255)] + Array(text.utf8)
    }

    @Test func bothStreamsInTheirOrder() {
        let bytes = piece("one\n") + piece("two", stream: 2) + piece(" and a half\nthree\n")
        #expect(ContainerOutput.lines(bytes) == ["one", "two and a half", "three"])
    }

    @Test func aLongPieceHasALongLength() {
        let line = String(repeating: "x", count: 700)
        #expect(ContainerOutput.lines(piece(line + "\n")) == [line])
    }

    @Test func whatIsCutOrNoPieceAtAll() {
        #expect(ContainerOutput.lines([]) == [])
        #expect(ContainerOutput.lines(Array(piece("one\ntwo\n").dropLast(2))) == ["one", "tw"])
        #expect(ContainerOutput.lines([1, 0, 0, 0, 255, 255, 255, 255, 65]) == ["A"])
        #expect(ContainerOutput.lines([1, 2, 3]) == [])
    }
}
