import OpsSystem
import Testing

@Suite struct EnvironmentFileTests {
    @Test func readsPairsCommentsAndQuotes() {
        let file = EnvironmentFile(
            text: "# comment\n\nDB_HOST = 127.0.0.1\nDB_PASSWORD=\"a=b # c\"\r\nQUOTED='x'\nOPEN=\"y\nEMPTY=\n"
        )
        #expect(
            file.values == [
                "DB_HOST": "127.0.0.1", "DB_PASSWORD": "a=b # c", "QUOTED": "x", "OPEN": "\"y", "EMPTY": "",
            ]
        )
        #expect(file.unreadableLines.isEmpty)
    }

    @Test func theLastLineOfAKeyWins() {
        let file = EnvironmentFile(text: "# DB_PASSWORD=comment\nDB_PASSWORD=a=b\n\nDB_POOL=10\nDB_POOL=12\n")
        #expect(file["DB_PASSWORD"] == "a=b")
        #expect(file["DB_POOL"] == "12")
        #expect(file["DB"] == nil && file["# DB_PASSWORD"] == nil)
    }

    @Test func namesEveryLineThatIsNone() {
        let file = EnvironmentFile(text: "A=1\nnonsense\nB C=2\nD=3\n")
        #expect(file.unreadableLines == [2, 3])
        #expect(file.values == ["A": "1", "D": "3"], "the others count")
    }

    @Test func aKeyMayBeTheNameOfAHost() {
        let file = EnvironmentFile(text: "pay-1.example=10.0.0.1\npay/1=10.0.0.2\n")
        #expect(file["pay-1.example"] == "10.0.0.1" && file.unreadableLines == [2])
        #expect(file.setting("pay-1.example", to: "10.0.0.3").text == "pay-1.example=10.0.0.3\npay/1=10.0.0.2\n")
    }

    @Test func saysWhichKeyALineSets() {
        #expect(EnvironmentFile.key(of: " A = 1\r") == "A")
        #expect(EnvironmentFile.key(of: "#A=1") == nil && EnvironmentFile.key(of: "A") == nil)
    }

    @Test func keepsTheBytes() {
        let bytes: [UInt8] = [UInt8(ascii: "A"), UInt8(ascii: "="), 0xFF]
        #expect(EnvironmentFile(bytes: bytes).bytes == bytes)
    }
}
