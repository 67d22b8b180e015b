import Testing

@testable import OpsRuntime

@Suite("XML-RPC")
struct XMLRPCTests {
    @Test("a call as supervisor expects it")
    func call() {
        #expect(
            XMLRPC.call("supervisor.startProcess", [.string("a<b&c"), .bool(false)])
                == "<?xml version='1.0'?><methodCall><methodName>supervisor.startProcess</methodName><params>"
                + "<param><value><string>a&lt;b&amp;c</string></value></param>"
                + "<param><value><boolean>0</boolean></value></param></params></methodCall>"
        )
    }

    @Test("an answer with structures, lists and line breaks between them")
    func answer() throws {
        let text = """
            <?xml version='1.0'?>
            <methodResponse>
            <params>
            <param>
            <value><array><data>
            <value><struct>
            <member>
            <name>name</name>
            <value><string>api-1</string></value>
            </member>
            <member>
            <name>pid</name>
            <value><int>41</int></value>
            </member>
            <member>
            <name>spawnerr</name>
            <value><string></string></value>
            </member>
            </struct></value>
            <value>plain &amp; bare</value>
            </data></array></value>
            </param>
            </params>
            </methodResponse>
            """
        let expected = XMLRPCValue.array([
            .structure(["name": .string("api-1"), "pid": .int(41), "spawnerr": .string("")]), .string("plain & bare"),
        ])
        #expect(try XMLRPC.answer(text) == .value(expected))
    }

    @Test(
        "values survive being written and read",
        arguments: [
            XMLRPCValue.string(""), .string("<&> \"x\""), .int(-7), .bool(true), .array([]),
            .array([.int(1), .array([.bool(false)])]),
            .structure([:]), .structure(["a": .structure(["b": .string("c")])]),
        ]
    )
    func roundTrip(value: XMLRPCValue) throws {
        let text = "<?xml version='1.0'?><methodResponse><params><param>\(value.xml)</param></params></methodResponse>"
        #expect(try XMLRPC.answer(text) == .value(value))
    }

    @Test("a fault is an answer of its own")
    func fault() throws {
        let value = XMLRPCValue.structure(["faultCode": .int(10), "faultString": .string("BAD_NAME: x")])
        let text = "<?xml version='1.0'?><methodResponse><fault>\(value.xml)</fault></methodResponse>"
        #expect(try XMLRPC.answer(text) == .fault(code: 10, message: "BAD_NAME: x"))
    }

    @Test(
        "what is no answer is an error, not a trap",
        arguments: [
            "", "<html>", "<methodResponse>", "<methodResponse><params><param><value><int>x</int></value>",
            "<methodResponse><params><param><value><array><data><value>1</value>",
            "<methodResponse><params><param>" + String(repeating: "<value><array><data>", count: 500),
        ]
    )
    func malformed(text: String) {
        #expect(throws: XMLRPC.Malformed.self) { try XMLRPC.answer(text) }
    }
}
