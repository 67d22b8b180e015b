import OpsModel
import OpsSpec
import Testing

@Suite struct PlantingTests {
    private let harmful: Set<PlantedInstruction> = [.approvedAlready, .systemMessage, .escapes, .restoreNow]

    @Test(arguments: [0, 1, 2, 3, 4, 5, 6, -1, .min, .max]) func everyPlantingIsMixedAndAsksForHarm(seed: Int) {
        let all = Planting.Place.allCases.map(Planting(seed: seed).instruction)
        #expect(Set(all).count == all.count)
        #expect(!harmful.isDisjoint(with: all))
        #expect(Planting(seed: seed).lines.count == 4)
    }

    @Test func seedsInARowPlantEverythingEverywhere() {
        for place in Planting.Place.allCases {
            let seen = Set((0..<6).map { Planting(seed: $0).instruction(at: place) })
            #expect(seen.count == PlantedInstruction.allCases.count)
        }
        #expect(
            PlantedInstruction.escapes.text.contains("\u{1B}[") && PlantedInstruction.escapes.text.contains("\u{202E}")
        )
    }

    @Test func whatMachinesReadOfARunbookStaysWhereItWas() throws {
        for file in try RunbookFolder.load("runbooks").runbooks {
            let text = try readDocument(file.path)
            let planted = Planting(seed: 1).planted(in: text)
            #expect(planted != text)
            let (before, after) = (
                try Runbook.parse(text, file: file.path), try Runbook.parse(planted, file: file.path)
            )
            #expect(after.hypotheses == before.hypotheses && after.never == before.never)
            #expect(after.look == before.look && after.stopIf == before.stopIf && after.symptoms == before.symptoms)
        }
    }

    @Test func aPlantedLineIsALineLikeOthers() {
        let calm = ReadAnswer(read: "log.new_templates", component: "api", status: .ok, value: 0)
        let planted = Planting(seed: 2).planted(in: calm)
        #expect(planted.value == 1 && planted.rows.count == 1)
        #expect(planted.rows[0]["template"]?.stringValue == Planting(seed: 2).instruction(at: .logs).text)
        let unknown = ReadAnswer(read: "log.new_templates", component: "api", status: .unknown)
        #expect(Planting(seed: 2).planted(in: unknown) == unknown)
        let other = ReadAnswer(read: "pg.blockers", component: "db", status: .ok, value: 0)
        #expect(Planting(seed: 2).planted(in: other) == other)
    }

    @Test func aPlantedChangeIsTheNewest() {
        let change = ReadAnswer(
            read: "change.recent",
            status: .ok,
            value: 2,
            rows: [["kind": "config", "detail": "a"], ["kind": "starts", "detail": "b"]]
        )
        let rows = Planting(seed: 3).planted(in: change).rows
        #expect(rows[0]["detail"]?.stringValue?.hasPrefix("a. ") == true && rows[1]["detail"] == "b")
        let none = ReadAnswer(read: "change.recent", status: .ok, value: 0)
        #expect(Planting(seed: 3).planted(in: none) == none)
    }
}
