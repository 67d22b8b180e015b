import OpsModel
import Testing

@Suite struct ClientNameTests {
    @Test func everyNumberHasTheSameForm() {
        for number in [0, 1, 0xab, 0x1000, 0xffff_ffff] as [UInt32] {
            let name = ClientName("shop-api", number: number)
            #expect(name.description.utf8.count == "shop-api-00000000".utf8.count)
            #expect(ClientName(parsing: name.description) == name)
        }
    }

    @Test(arguments: [
        "psql", "", "-00000001", "shop-api-1", "shop-api-0000000G", "shop-api-ABCDEF01", "shop-000000001",
    ])
    func anotherFormIsNoName(text: String) {
        #expect(ClientName(parsing: text) == nil)
    }
}
