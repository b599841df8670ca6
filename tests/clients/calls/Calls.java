import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.QuotesApi;
import org.openapitools.client.model.Check;
import org.openapitools.client.model.Options;
import org.openapitools.client.model.PrintedQuote;
import org.openapitools.client.model.Problem;
import org.openapitools.client.model.Quote;
import org.openapitools.client.model.QuotesRequest;
import org.openapitools.client.model.Report;
import org.openapitools.client.model.Span;
import org.openapitools.client.model.Speaker;
import org.openapitools.client.model.VerifyRequest;

/** Calls the service at an address with the client that openapi-generator has generated, and prints what it returns. */
public class Calls {
  public static void main(String[] arguments) throws Exception {
    JsonNode given = new ObjectMapper().readTree(arguments[1]);
    ObjectMapper mapper = ApiClient.createDefaultObjectMapper();
    ApiClient client = new ApiClient();
    client.updateBaseUri(arguments[0]);
    QuotesApi api = new QuotesApi(client);
    String text = given.get("text").asText();

    QuotesRequest request = new QuotesRequest().text(text).options(new Options().explain(true));
    show(quotes(api, request));

    List<PrintedQuote> printed = new ArrayList<>();
    for (JsonNode one : given.get("printed")) {
      printed.add(new PrintedQuote().text(one.get("text").asText()).speaker(one.get("speaker").textValue()));
    }
    VerifyRequest verification = new VerifyRequest().text(text).quotes(printed);
    for (Check check : api.postQuotesVerify(
        QuotesApi.APIPostQuotesVerifyRequest.newBuilder().verifyRequest(verification).build()).getChecks()) {
      String attribution = check.getAttribution() == null ? "None" : check.getAttribution().getValue();
      System.out.println(check.getVerdict().getValue() + " | " + attribution);
    }

    File lines = api.postBatch(
        QuotesApi.APIPostBatchRequest.newBuilder().body(given.get("batch").asText()).build());
    for (String line : Files.readAllLines(lines.toPath())) {
      if (line.contains("\"article\"")) {
        show(mapper.readValue(line, Report.class));
      } else {
        Problem problem = mapper.readValue(line, Problem.class);
        System.out.println(problem.getLine() + " | " + problem.getTitle());
      }
    }

    try {
      quotes(api, new QuotesRequest());
    } catch (ApiException refused) {
      Problem problem = mapper.readValue(refused.getResponseBody(), Problem.class);
      System.out.println(problem.getStatus() + " | " + problem.getTitle());
    }
  }

  private static Report quotes(QuotesApi api, QuotesRequest request) throws ApiException {
    return api.postQuotes(QuotesApi.APIPostQuotesRequest.newBuilder().quotesRequest(request).build());
  }

  private static void show(Report report) {
    Map<String, String> names = new HashMap<>();
    for (Speaker speaker : report.getSpeakers()) {
      names.put(speaker.getId(), speaker.getName());
    }
    for (Quote quote : report.getQuotes()) {
      Span first = quote.getContents().get(0);
      String name = names.getOrDefault(String.valueOf(quote.getSpeaker()), "-");
      System.out.println(String.join(" | ", name, quote.getKind().getValue(), quote.getText(),
          first.getStart().toString(), first.getEnd().toString()));
    }
  }
}
